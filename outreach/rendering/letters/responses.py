"""The letter with which a response to an official begins: it cites what it answers; people write on."""

from typing import Final

_ENGLISH: Final = """{{ official.salutation }}

Thank you for your letter of {{ answer.date }}, in answer to ours of {{ earlier.date }}, “{{ earlier.title }}”.

What we have to say to it: write it here.

Respectfully,
"""
_FRENCH: Final = """{{ official.salutation }}

Nous vous remercions de votre lettre du {{ answer.date }}, qui répond à la nôtre
du {{ earlier.date }}, « {{ earlier.title }} ».

Ce que nous avons à en dire : écrivez-le ici.

Veuillez agréer l’expression de notre haute considération,
"""
_SPANISH: Final = """{{ official.salutation }}

Le agradecemos su carta del {{ answer.date }}, en respuesta a la nuestra
del {{ earlier.date }}, «{{ earlier.title }}».

Lo que tenemos que decir al respecto: escríbalo aquí.

Atentamente,
"""
_ARABIC: Final = """{{ official.salutation }}

نشكركم على رسالتكم المؤرخة {{ answer.date }} ردًّا على رسالتنا المؤرخة {{ earlier.date }}، «{{ earlier.title }}».

ما نودّ قوله بشأنها: اكتبوه هنا.

وتفضلوا بقبول فائق الاحترام،
"""
_BODIES: Final = {"en": _ENGLISH, "fr": _FRENCH, "es": _SPANISH, "ar": _ARABIC}
_TITLES: Final = {
    "en": "Our answer to your letter",
    "fr": "Notre réponse à votre lettre",
    "es": "Nuestra respuesta a su carta",
    "ar": "ردّنا على رسالتكم",
}


def response_body(language: str) -> str:
    """The beginning of a response letter, in Markdown; English where the program does not speak the language."""
    return _BODIES.get(language.partition("-")[0], _ENGLISH)


def response_title(language: str) -> str:
    """A title to begin with."""
    return _TITLES.get(language.partition("-")[0], _TITLES["en"])
