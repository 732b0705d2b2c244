"""One file that holds all of a site, and the way back: a dump of the database, the uploads, and what proves them."""
