"""From the names in an archive to the rows of specialties, doctors and topics, remembered over a run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connection, models
from django.utils.text import slugify

from accounts.models import Doctor, DoctorRedirect
from forum.archive.records import Record
from forum.search.models import Topic
from forum.specialties.models import Specialty, SpecialtyRedirect
from forum.specialties.slugs import unique_slug

# The database decides which names are the same, by the rule of its own unique constraints.
FIND_SPECIALTIES = """
SELECT wanted.name, COALESCE(
    (SELECT id FROM specialties_specialty WHERE lower(name) = lower(wanted.name)),
    (SELECT id FROM specialties_specialty WHERE lower(name_zh_hant) = lower(wanted.name) ORDER BY id LIMIT 1)
) FROM unnest(%s::text[]) AS wanted(name)
"""
FIND_TOPICS = """
SELECT wanted.name, wanted.specialty_id, topic.id
FROM unnest(%s::text[], %s::bigint[]) AS wanted(name, specialty_id)
JOIN search_topic AS topic ON topic.specialty_id = wanted.specialty_id AND lower(topic.name) = lower(wanted.name)
"""
ONE_OF_EACH = """
SELECT DISTINCT ON (lower(name), specialty_id) name, specialty_id
FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS wanted(name, specialty_id, place)
ORDER BY lower(name), specialty_id, place
"""


class Names:
    """Ids by name. `learn` what a batch needs, then `make_missing`; a name nobody knows has the id None."""

    def __init__(self) -> None:
        self._specialties: dict[str, int] = {}
        self._doctors: dict[str, int] = {}
        self._topics: dict[tuple[str, int], int] = {}

    def specialty(self, name: str) -> int | None:
        return self._specialties.get(name)

    def doctor(self, name: str | None) -> int | None:
        return self._doctors.get(name) if name else None

    def topics(self, record: Record) -> list[int | None]:
        """The thread's topics in their order, each once."""
        specialty = self.specialty(record.specialty)
        return list(dict.fromkeys(self._topics.get((name, specialty)) for name in record.topics))

    def learn(self, records: Iterable[Record]) -> None:
        """Look up all names of these records that are not known yet. Writes nothing."""
        records = list(records)
        self._learn_specialties(_unknown(_specialty_names(records), self._specialties))
        self._learn_doctors(_unknown(_doctor_names(records), self._doctors))
        self._learn_topics(self._unknown_topics(records))

    def make_missing(self, records: Iterable[Record]) -> None:
        """Make what `learn` did not find: specialties closed for asking, doctors without a sign-in, topics."""
        records = list(records)
        for name in _unknown(_specialty_names(records), self._specialties):
            self._make_specialty(name)
        if missing := _unknown(_doctor_names(records), self._doctors):
            slugs = unique_slugs(Doctor, missing)
            doctors = Doctor.objects.bulk_create(Doctor(name=n, slug=s) for n, s in zip(missing, slugs, strict=True))
            self._doctors |= {doctor.name: doctor.pk for doctor in doctors}
        self._learn_topics(self._unknown_topics(records))
        if missing := self._unknown_topics(records):
            self._make_topics(missing)
            self._learn_topics(missing)

    def _learn_specialties(self, names: list[str]) -> None:
        if not names:
            return
        with connection.cursor() as cursor:
            cursor.execute(FIND_SPECIALTIES, [names])
            found = {name: pk for name, pk in cursor.fetchall() if pk is not None}
        merged = {slugify(name, allow_unicode=True): name for name in _unknown(names, found)}
        redirects = SpecialtyRedirect.objects.filter(old_slug__in=merged)
        found |= {merged[slug]: pk for slug, pk in redirects.values_list("old_slug", "specialty_id")}
        self._specialties |= found

    def _make_specialty(self, name: str) -> None:
        """One at a time, as the next name may be the same but for its case."""
        self._learn_specialties([name])
        if name not in self._specialties:
            slug = unique_slug(Specialty, name)
            self._specialties[name] = Specialty.objects.create(name=name, slug=slug, is_open=False).pk

    def _learn_doctors(self, names: list[str]) -> None:
        """A name is that of the one doctor who signs in or was verified; of several, or none, the archive's own.

        Or that of the doctor whom the archive's own was found to be.
        """
        signing: dict[str, list[int]] = defaultdict(list)
        own: dict[str, int] = {}
        rows = Doctor.objects.filter(name__in=names).values_list("name", "pk", "user_id", "verified_at")
        for name, pk, user, verified in rows if names else []:
            if user is not None or verified is not None:
                signing[name].append(pk)
            if user is None:
                own[name] = pk
        merged = dict(DoctorRedirect.objects.filter(old_name__in=names).values_list("old_name", "doctor"))
        self._doctors |= merged | own | {name: pks[0] for name, pks in signing.items() if len(pks) == 1}

    def _unknown_topics(self, records: list[Record]) -> list[tuple[str, int]]:
        wanted = {
            (name, specialty): None
            for record in records
            if record.topics and (specialty := self.specialty(record.specialty)) is not None
            for name in record.topics
        }
        return [key for key in wanted if key not in self._topics]

    def _learn_topics(self, keys: list[tuple[str, int]]) -> None:
        if keys:
            with connection.cursor() as cursor:
                cursor.execute(FIND_TOPICS, [[name for name, _ in keys], [specialty for _, specialty in keys]])
                self._topics |= {(name, specialty): pk for name, specialty, pk in cursor.fetchall()}

    def _make_topics(self, keys: list[tuple[str, int]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(ONE_OF_EACH, [[name for name, _ in keys], [specialty for _, specialty in keys]])
            wanted = set(cursor.fetchall())
        keys = [key for key in keys if key in wanted]
        slugs = unique_slugs(Topic, [name for name, _ in keys])
        Topic.objects.bulk_create(
            Topic(name=name, slug=slug, specialty_id=specialty)
            for (name, specialty), slug in zip(keys, slugs, strict=True)
        )


def _specialty_names(records: list[Record]) -> Iterator[str]:
    for record in records:
        yield record.specialty
        yield from (reply.specialty for reply in record.replies if reply.specialty)


def _doctor_names(records: list[Record]) -> Iterator[str]:
    return (reply.doctor for record in records for reply in record.replies if reply.doctor)


def _unknown(names: Iterable[str], known: dict[str, int]) -> list[str]:
    """Those that are not known, each once, in their order."""
    return [name for name in dict.fromkeys(names) if name not in known]


def unique_slugs(model: type[models.Model], names: list[str]) -> list[str]:
    """As `unique_slug`, for many at once: one query for all names whose plain address is still free."""
    room = model._meta.get_field("slug").max_length - 8
    plain = [slugify(name, allow_unicode=True)[:room].strip("-") for name in names]
    taken = set(model._default_manager.filter(slug__in=plain).values_list("slug", flat=True)) | {""}
    slugs = []
    for name, slug in zip(names, plain, strict=True):
        if slug in taken:
            slug = unique_slug(model, name, taken=taken)
        taken.add(slug)
        slugs.append(slug)
    return slugs
