"""Unsolicited offers: somebody wants to sell, and speaks of signing or of a "yes" as sellers do."""

import re
from typing import Final

from outreach.reading.sentences import folded_pattern, one_line

_READ: Final = 3_000
_ENOUGH: Final = 3
"""Different words of trade; one or two are in honest mail too."""
_KINDS: Final = (
    (
        r"[$€£] ?\d|usd\b|(?:usd|eur|rs\.?) ?\d[\d.,]{0,9}|\d[\d.,]{0,9} ?(?:[$€£%]|usd|eur|euros?|dollars?|"
        r"руб\w{0,3}|دولار)"
    ),
    (
        r"pric(?:e|es|ing)|quotation|quote|prix|devis|tarifs?|precios?|presupuesto|preise?|angebot|preço|"
        r"orçamento|цен[аыу]|прайс\w{0,4}|سعر|الأسعار"
    ),
    r"per month|al mes|par mois|im monat|por mês|в месяц|شهريا",
    (
        r"supplier|manufacturer|wholesale|moq|containers?|purchase|order quantity|shipment|proveedor|"
        r"fabricante|fournisseur|fabricant|lieferant|hersteller|fornecedor|поставщик\w{0,2}|"
        r"производител\w{1,2}|مورد"
    ),
    (
        r"seo|backlinks?|webmaster|web ?design|ranking|traffic|hosting|followers|websites?|your site|"
        r"posicionamiento web|référencement|suchmaschin\w{1,12}|webseite|продвижени\w{1,2}|сайт\w{0,2}"
    ),
    r"contracts?|contrato|contrat|\w{0,12}vertrag|договор\w{0,2}|عقد",
    (
        r"payment(?: terms)?|invoices?|delivery time|money-back|discounts?|descuento|remise|rabatt|"
        r"desconto|скидк\w{1,2}|خصم"
    ),
    (
        r"free (?:demo|trial|quote|consultation|audit)|guaranteed|no cost|risk-free|gratis|"
        r"kostenlos\w{0,2}|gratuit\w{0,2}|бесплатн\w{1,3}|مجانا"
    ),
    (
        r"we (?:offer|provide|supply|help|are (?:a )?leading)|ofrecemos|oferta|nous offrons|wir bieten|"
        r"oferecemos|предлагаем|نقدم لكم"
    ),
    (
        r"(?:reply|respond|answer)(?: with| back)? \"?yes|antworten sie (?:einfach )?mit \"?ja|"
        r"respond\w{1,3} \"?si\b|ответьте \"?да|répondez (?:par )?\"?oui|responda \"?sim"
    ),
    r"whatsapp|skype|wechat|telegram",
    r"loans?|investors?|bitcoin|crypto\w{0,8}|casino|beneficiary|inheritance|millions?",
)
"""Sums, prices, rates, goods, the web, contracts, terms, bait, offers, other ways to talk, funds."""
_TRADE: Final = tuple(re.compile(rf"(?<!\w)(?:{folded_pattern(words)})") for words in _KINDS)


def is_offer(text: str) -> bool:
    """Whether a text holds words of at least three of the things that sellers speak of."""
    plain = one_line(text[:_READ])
    return sum(words.search(plain) is not None for words in _TRADE) >= _ENOUGH
