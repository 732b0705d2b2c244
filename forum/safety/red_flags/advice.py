"""What a red flag is called and what to do at once, in the patient's language; the codes are those of rules/*.toml."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Advice:
    """`steps` are a sentence or two each; `in_crisis` where a crisis line helps besides."""

    name: Promise
    steps: tuple[Promise, ...]
    in_crisis: bool = False


UNLOCK = _("Unlock the door, sit or lie down, and do not drive yourself.")
NOTHING_BY_MOUTH = _("Do not eat or drink anything until a doctor has seen it.")
GO_NOW = _("Have somebody take you to the nearest emergency department now; hours count.")

ADVICE = {
    "anaphylaxis": Advice(
        _("Severe allergic reaction"),
        (
            _("Use an adrenaline pen at once if there is one, in the outer thigh."),
            _("Lie down with the legs raised; sit up only if breathing is hard. Do not stand up or walk about."),
        ),
    ),
    "bleeding": Advice(
        _("Severe bleeding"),
        (
            _("Press hard on a wound with a clean cloth and do not let go; put more on top when it soaks through."),
            _("Whoever vomits blood, passes black stool or feels faint lies down and takes nothing by mouth."),
        ),
    ),
    "breathing": Advice(
        _("Serious trouble breathing"),
        (
            _("Sit upright, loosen tight clothes, and use a reliever inhaler if one was prescribed."),
            _("Somebody who chokes and cannot cough: five blows between the shoulder blades, then five thrusts."),
        ),
    ),
    "cauda_equina": Advice(
        _("Nerves of the lower spine in danger"), (GO_NOW, _("Say there that bladder or feeling has changed."))
    ),
    "chest_pain": Advice(
        _("Chest pain that may be the heart"),
        (UNLOCK, _("Chew one adult aspirin, unless you are allergic to it or were told not to take it.")),
    ),
    "ectopic": Advice(
        _("Pregnancy outside the womb"), (_("Lie down and do not stay alone; you may faint."), NOTHING_BY_MOUTH)
    ),
    "head_injury": Advice(
        _("Head injury with warning signs"),
        (_("Keep still, do not stay alone, and take no painkiller that thins the blood."), NOTHING_BY_MOUTH),
    ),
    "ill_child": Advice(
        _("A very ill child"),
        (_("Have the child seen in the nearest emergency department now; do not wait overnight."),),
    ),
    "infant_fever": Advice(
        _("Fever or illness in the first three months"),
        (
            _("A baby this young is seen by a doctor within the hour, even if it looks well."),
            _("Give no medicine against fever before that, and keep offering milk."),
        ),
    ),
    "meningitis": Advice(
        _("Meningitis"), (_("Do not wait for a rash, nor for it to get worse. Say that you fear meningitis."),)
    ),
    "poisoning": Advice(
        _("Poisoning or too much of a medicine"),
        (
            _("Do this even if you feel well: some poisons harm a day later. Do not make yourself vomit."),
            _("Keep the packet. After gas or smoke, leave the room and open doors and windows first."),
        ),
        in_crisis=True,
    ),
    "pregnancy": Advice(
        _("Danger in or after pregnancy"),
        (_("Call your delivery ward too if you have its number, and lie on your left side."), NOTHING_BY_MOUTH),
    ),
    "seizure": Advice(
        _("A fit"),
        (
            _("Clear the space around, put something soft under the head, hold nobody down, put nothing in the mouth."),
            _("When it stops, turn the person on the side and stay."),
        ),
    ),
    "self_harm": Advice(
        _("Thoughts of ending your life"),
        (
            _("You do not have to carry this alone. Call or write to somebody now, and let them stay with you."),
            _("Put what you could hurt yourself with out of reach. If you have taken or done something, call at once."),
        ),
        in_crisis=True,
    ),
    "sepsis": Advice(
        _("Sepsis: an infection that has got into the blood"),
        (_("Say that you fear sepsis. It gets worse by the hour, so do not wait until morning."),),
    ),
    "stroke": Advice(
        _("Stroke"),
        (
            _("Note when it began: treatment depends on it. Call even if it has passed off."),
            _("Lie down with the head a little raised. Nothing to eat or drink, no aspirin."),
        ),
    ),
    "testicle": Advice(_("Twisted testicle"), (GO_NOW, NOTHING_BY_MOUTH)),
    "unconscious": Advice(
        _("Somebody who cannot be woken"),
        (
            _("If there is no normal breathing, press hard and fast on the middle of the chest until help comes."),
            _("If there is, turn the person on the side and watch the breathing."),
        ),
    ),
    "vision_loss": Advice(
        _("Sudden loss of sight, or an injured eye"),
        (GO_NOW, _("After a chemical, rinse the eye with plenty of water for twenty minutes first.")),
    ),
    "worst_headache": Advice(_("Sudden, very severe headache"), (UNLOCK, NOTHING_BY_MOUTH)),
}
