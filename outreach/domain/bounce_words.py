"""What servers say when they refuse a mail, in the words of many servers and languages.

Each tuple holds regular expressions over one line of lower-case text without addresses and host names. None has a
quantifier inside a quantifier, so that no text can make them slow.
"""

import re
from typing import Final


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases))


RATE: Final = _any(
    r"rate[ -]?limit",
    r"receiving mail (at a rate|too quickly)",
    r"too many (messages|connections|mails|emails|recipients|errors|sessions)",
    r"throttl",
    r"(sending|daily|hourly|message|smtp|outgoing) (user )?(sending )?(limit|quota|rate)",
    r"too (fast|frequent)",
    r"(messages|emails|mails) per (hour|day|minute)",
    r"limit on the number of (messages|recipients)",
)
"""Too much at once: said of a sender or of a mailbox that is written to by too many at once."""

FULL: Final = _any(
    r"(mail ?box|inbox|in-box|mail ?folder|mail ?drop|account|user|recipient|maildir)('s)?( \S{1,80})? (is |are |"
    r"was )?"
    r"(currently |now |temporarily |too |already )?(full|over ?-?quota|over (its|the|disk|their|his|storage) )",
    r"(mail ?box|inbox|in-box) ?full",
    r"over ?-?quota",
    r"out of (storage|disk|space)",
    r"quota (is |was |has been |would be |limit )?(exceed|exhaust|reached|full|violation)",
    r"(exceed\w*|reached|above|over) (\S{1,30} ){0,4}(quota|storage|disk|mailbox size|mailbox limit|space)",
    r"(not enough|insufficient|no more|no) (\S{1,20} ){0,2}(storage|disk space|space|quota|room)",
    r"(storage|mailbox) (\S{1,20} )?(limit|quota|size limit) (\S{1,20} )?(exceed|reached)",
    r"quotaexceeded|quota_exceeded|mailboxfull|storequotaexceeded",
    # French, Spanish, German, Portuguese
    r"bo[iî]te (aux lettres |de r[ée]ception |mail |e-?mail )?(\S{1,80} ){0,4}(est )?(pleine|satur[ée]e)",
    r"quota (de \S{1,20} )?(d[ée]pass[ée]|atteint)",
    r"(buz[oó]n|casilla|bandeja)( \S{1,80}){0,3} (est[aá] )?llen[oa]|cuota( \S{1,20}){0,3} (excedida|superada|"
    r"agotada)",
    r"(super[aó]|ha superado|excedi[oó]|excede)( \S{1,20}){0,2} cuota",
    r"(postfach|mailbox|konto|briefkasten)( \S{1,80}){0,4} (ist )?(bereits )?([üu]ber)?voll",
    r"(speicherplatz|quota|kontingent|speicher\w{0,20})( \S{1,20}){0,4} ([üu]berschritten|ersch[öo]pft|voll|"
    r"belegt)",
    r"caixa( \S{1,80}){0,4} (est[aá] )?(cheia|lotada)|(cota|quota)( \S{1,20}){0,3} (excedida|ultrapassada|"
    r"esgotada)",
    # Russian, Arabic
    r"ящик( \S{1,80}){0,3} (переполнен|заполнен)|переполнен( \S{1,40}){0,2} ящик|превышен\w*( \S{1,30}){0,3} квот",
    r"квот\w*( \S{1,30}){0,3} (превышен|исчерпан)",
    r"(صندوق|علبة)( \S{1,40}){0,3} (ممتلئ|ممتلئة|ممتلىء)|(تجاوز|تجاوزت)( \S{1,40}){0,3} (الحصة|المساحة|حصة)",
    # Italian, Dutch, Polish, Japanese, Chinese
    r"casella( \S{1,80}){0,3} (è )?piena|(mailbox|postvak|postbus)( \S{1,80}){0,3} (is )?vol\b",
    r"skrzynk\w( \S{1,80}){0,3} (jest )?(pe[łl]na|przepe[łl]nion)",
    r"メールボックス.{0,12}(いっぱい|容量|満杯)|容量.{0,8}(超え|超過|オーバー)|(邮箱|郵箱|信箱).{0,6}(已满|已滿|空间不足)",
)
"""The person is there; the mailbox takes no more for now."""

TOO_LARGE: Final = _any(
    r"(message|mail|e-mail|email|size|attachment)( \S{1,30}){0,4} (is |was |are )?too (large|big|long)",
    r"(message|mail|email|maximum|fixed|max|size)( \S{1,30}){0,4} (size|length)( \S{1,30}){0,3} (exceed|limit|too)",
    r"(message|mail|size|email)( \S{1,20}){0,3} exceed\w*( \S{1,30}){0,6} (size|limit|maximum|length)",
    r"exceed\w*( \S{1,30}){0,4} (size limit|message size|maximum size|size for)",
    r"(attachment|attached file)s?( \S{1,30}){0,6} (not (allowed|accepted|permitted)|rejected|refused|blocked|"
    r"banned|forbidden|prohibited|unacceptable)",
    r"(illegal|banned|forbidden|blocked|prohibited|dangerous|unacceptable) (attachment|file ?type|file ?name|"
    r"extension)",
    r"(pi[èe]ce jointe|adjunto|anhang|anexo|anlage|вложени\w{1,3})( \S{1,30}){0,6} (refus|interdit|rechaz|"
    r"no permitid|"
    r"nicht (erlaubt|zul[äa]ssig)|unzul[äa]ssig|verboten|n[ãa]o permitid|bloque|недопустим|запрещ|заблокир)",
    r"sizelimit|size_limit|sizeexceeded|message size",
    r"(zu gro[ßs]|trop (gros|volumineu|grand)|demasiado grande|muito grande|слишком больш|كبيرة? جد)",
    r"(taille|tama[ñn]o|tamanho|gr[öo](ß|ss|s)e|размер)( \S{1,30}){0,6} (d[ée]pass|exced|[üu]berschr|maxim|превыш)",
    r"превыш\w*( \S{1,30}){0,4} размер|(尺寸|大小|サイズ).{0,10}(超|大き|过大)",
)

POLICY: Final = _any(
    r"spam|\bjunk|\bblock(ed|ing|list|listed| list)?\b|black ?-?list|deny ?-?list|\brbl\b|dnsbl|\buribl|\bsurbl",
    r"reputation|\bpolic(y|ies)\b|dmarc|\bspf\b|\bdkim\b|unauthenticated|authenticat|sender ?id\b",
    r"not (authori[sz]ed|permitted to|allowed to (send|relay|post))|unauthori[sz]ed|notauthorized|authrequired",
    r"not accept(ing)? (mail|messages|email|e-mail)s? from|only accepts? (mail|messages|email)s? from|restricted",
    r"relay|spamhaus|spamcop|barracudanetworks|sorbs|abuseat|proofpoint\.com/dnsbl",
    r"content (was |is |has been )?(reject|block|filter)|(message|mail) content|suspicious|malware|\bvirus|phish|"
    r"infected",
    r"unsolicited|\bbulk\b|\babuse|\bbanned\b|prohibited|forbidden|\bgr[ae]y ?-?list",
    r"sender( address)? (was |is |has been )?(reject|denied|refused|verif|block)|sender verify|invalid sender|"
    r"bad sender|(from|return) address|mail from",
    r"reverse dns|\bptr\b|\bhelo\b|\behlo\b|\brdns\b|fcrdns",
    r"transport\.rules|resolver\.rst|moderat|administrative prohibition|administratively|quarantin",
    r"(?<!rejected: )(?<!rejected : )access (is )?denied|permission|not trusted|untrusted|confiden(ce|tial)|"
    r"\bfilter",
    r"\bcomplaints?\b|\bblacklisted|(?<!not )listed (in|by|at|on) |\bs/?mime required|encryption (needed|required)|"
    r"\btls\b",
    r"(nicht|non|no|não|не) (erlaubt|autoris|autoriz|permitid|разреш)",
    r"richtlinie|abgelehnt wegen|ind[ée]sirable|pourriel|politique|correo no deseado|pol[ií]tica|спам|политик|"
    r"blockier|gesperrt|bloqu[ée]|bloquead|заблокир|محظور|سياسة|مزعج|迷惑メール|スパム|垃圾|反垃圾|拒绝接收",
)

NETWORK: Final = _any(
    r"time(d)?[ -]?out|connection (was )?(refused|reset|closed|lost|dropped|failed|died)|no route to host",
    r"(network|host|server) (is |was )?(currently |temporarily )?(unreachable|down|not reachable|unavailable)",
    r"unreachable|hop ?count|too many hops|\bloop|retry time|queue too long|been in (the |my )?queue",
    r"expired|lost connection|(can ?not|can't|could not|couldn't|unable to|failed to|not able to) connect",
    r"no answer from|did not (respond|answer|accept our requests)|not responding|try again later|"
    r"no further attempts",
    r"service (is )?(currently |temporarily )?(unavailable|not available)|temporar|transient|too busy|"
    r"system storage",
    r"(giving|gave) up( \S{1,20}){0,3} (after|trying)|for too long|delivery time|local (problem|error)|"
    r"tls handshake",
    r"vor[üu]bergehend|tempor[aä]|momentan|zeit[üu]berschreitung|nicht erreichbar|injoignable|d[ée]lai|"
    r"tiempo de espera|tempo (limite|esgotado)|временн|недоступ|истекл|مؤقت|انتهت المهلة|タイムアウト|一時的|"
    r"暂时|超时",
)

NO_DOMAIN: Final = _any(
    r"(host|domain|hostname|domain name|host name)( or domain( name)?)? (was |is |could )?not (be )?found",
    r"nxdomain|non-?existent (domain|host)|no such (domain|host)|unknown (mail )?(host|domain|server)",
    r"(domain|host|server)( name)?( \S{1,80})? (does not|doesn't|did not|do not) exist|(host|domain) unknown",
    r"(dns|mx)( \S{1,40}){0,6} (does not|doesn't) exist|null ?-?mx|indicated no smtp service|no valid (mx|mail)|"
    r"no mx\b|unroutable domain",
    r"(domain|host)( \S{1,80})? (does not|doesn't) accept (any )?(e-?mail|mail)|(does not|doesn't) accept mail \(",
    r"couldn't find any host|unrouteable (mail )?domain|invalid (domain|host ?name)|bad (host|domain)|"
    r"mx records? point to non-existent|no mail servers? (found|for)|domain (is )?(not valid|no longer exists)",
    r"(domain|dom[äa]ne|domaine|dominio|dom[ií]nio)( \S{1,80}){0,2} (wurde )?(nicht gefunden|existiert nicht|"
    r"introuvable|n'existe pas|no existe|n[ãa]o existe|inexist)",
    r"домен\w*( \S{1,60}){0,3} (не найден|не существует)|النطاق( \S{1,40}){0,3} (غير موجود|لا وجود)|"
    r"(ドメイン|ホスト).{0,10}(見つかり|存在しま)|域名.{0,6}(不存在|错误)",
)

DOMAIN_GONE: Final = _any(
    r"nxdomain|(?<!\bor )domain( name)? not found|no such domain|non-?existent domain",
    r"domain( name)?( \S{1,80})? (does not|doesn't) exist|(dns|mx)( \S{1,40}){0,6} (does not|doesn't) exist",
)
"""The DNS has answered that there is no such domain, which a server that does not answer is not."""

NOBODY: Final = _any(
    r"(user|recipient|mailbox|address|account|customer|person|name|addressee|destination)( name| address| id|"
    r" account)?"
    r"( \S{1,80})? (is |was |are )?(unknown|invalid|inactive|disabled|closed|deactivated|deleted|terminated|"
    r"expired|"
    r"discontinued|nonexistent|non-existent|unrecogni[sz]ed|undeliverable)\b",
    r"(user|recipient|mailbox|address|account|customer|inbox|person)( address| name| account)?( \S{1,80}){0,2} "
    r"(has been |have been |was |is (now |currently |permanently )?)(disabled|closed|deactivated|deleted|"
    r"terminated|"
    r"inactive|removed|discontinued|cancell?ed)",
    r"(unknown|invalid|no such|nonexistent|non-existent|unrecogni[sz]ed|inactive|disabled|undeliverable|bad|"
    r"closed) "
    r"(or \S{1,20} )?(local |e-?mail |virtual |mail |destination )?(user|recipient|mailbox|address|account|person|"
    r"addressee|customer|local[ -]part)",
    r"(user|recipient|mailbox|address|account|person|id|inbox|name)( \S{1,80}){0,4} (does not|doesn't|did not|"
    r"do not|"
    r"doesnt|no longer) exists?\b|that you tried to reach (does not exist|is (disabled|inactive))",
    r"(user|recipient|mailbox|address|account|person|name)( \S{1,80}){0,2} (was |is |could |can |are )?"
    r"(not|n't|couldn't|cannot|isn't|wasn't) (be )?(found|listed|known|recogni[sz]ed)",
    r"no (mailbox|account|one|user|person|recipient)( here)? (here |by |with |for |under |of )|not our customer",
    r"no longer (available|in use|valid|exists|active|on this|in service|works? (here|at|for)|accept|monitored by)",
    r"(doesn't|does not) have an? \S{1,40} ?account|not a (valid|known|local) (mail |e-?mail )?(user|mailbox|"
    r"address|recipient|"
    r"account)",
    r"(user|recipient) (is )?not (local|known|here|in directory)|not listed in (\S{1,20} ){0,4}(directory|"
    r"address book)",
    r"recip(ient)?notfound|nosuchuser|recipient_unknown|user_unknown|unknown_user|addressnotfound|adr\.recip",
    r"address (was |could )?(not|n't) (be )?found|wasn't found|couldn't be found|is not a customer|"
    r"5\.1\.0 address rejected|"
    r"unrout(e)?able (e-?mail )?address",
    # French, Spanish, German, Portuguese
    r"(utilisateur|destinataire|adresse|compte|bo[iî]te)( \S{1,80}){0,8} (inconnue?|inexistante?|introuvable|"
    r"n'existe (pas|plus)|d[ée]sactiv[ée]e?|ferm[ée]e?|supprim[ée]e?|invalide)",
    r"(usuario|destinatario|direcci[oó]n|cuenta|buz[oó]n)( \S{1,80}){0,8} (desconocid|no existe|inexistente|"
    r"no encontrad|no se encuentra|deshabilitad|desactivad|no (se )?(encontr|fue encontrad)|cancelad|cerrad)",
    r"(benutzer|empf[äa]nger|adresse|konto|postfach|mailbox|user|nutzer)( \S{1,80}){0,8} (unbekannt|"
    r"existiert nicht|"
    r"nicht (gefunden|bekannt|vorhanden|vergeben)|deaktiviert|geschlossen|gel[öo]scht|ung[üu]ltig)|"
    r"unbekannter? (benutzer|empf[äa]nger|nutzer|adresse)",
    r"(usu[aá]rio|destinat[aá]rio|endere[cç]o|conta|caixa)( \S{1,80}){0,8} (desconhecid|n[ãa]o existe|inexistente|"
    r"n[ãa]o (foi )?encontrad|desativad|desabilitad|encerrad|inv[aá]lid)",
    # Russian, Arabic
    r"(пользовател\w+|получател\w+|адрес\w*|ящик\w*|аккаунт\w*|учетн\w+ запис\w+)( \S{1,80}){0,8} "
    r"(не (найден|существует|зарегистрирован|обнаружен)|неизвест|отключ[её]н|удал[её]н|закрыт)|"
    r"(нет так|несуществующ|неизвестн)\w*( \S{1,30}){0,2} (пользовател|получател|ящик|адрес)",
    r"(المستخدم|المستلم|العنوان|الحساب|عنوان البريد|صندوق البريد)( \S{1,60}){0,8} (غير موجود|غير معروف|لا وجود|"
    r"معطل|"
    r"مغلق|محذوف)|(لا يوجد|لم يتم العثور على)( \S{1,40}){0,2} (مستخدم|مستلم|عنوان|صندوق|المستلم|العنوان)",
    # Italian, Dutch, Polish, Japanese, Chinese
    r"(utente|destinatario|indirizzo|casella)( \S{1,80}){0,3} (sconosciut|inesistente|non (esiste|trovat|valid))",
    r"(gebruiker|ontvanger|adres)( \S{1,80}){0,3} (onbekend|bestaat niet|niet gevonden)|onbekende (gebruiker|"
    r"ontvanger)",
    r"(u[żz]ytkownik|odbiorca|adres|konto|skrzynka)( \S{1,80}){0,3} (nieznan|nie istnieje|nie znalezion)|"
    r"nieznany (u[żz]ytkownik|odbiorca)",
    r"(ユーザー?|宛先|受信者|アドレス|メールボックス).{0,24}(存在しま|見つかりま|不明|無効)|"
    r"(用户|收件人|邮箱|地址|帐户|账户|收信人).{0,16}(不存在|无效|未找到|找不到|已停用|不正确)",
)
"""Nobody has that address (any more): the only words that make it dead."""

EITHER: Final = re.compile(r"(may|might) (not exist|no longer exist|have been (removed|deleted))\b.{0,40}\bor\b")
"""A server that names several causes at once and says of none that it is so."""

HELD_BACK: Final = re.compile(r"suspend|frozen|\bhold\b|gel[ée]e?\b|приостановлен|موقوف")
"""An account that its provider may give back."""

HEDGED: Final = re.compile(
    r"\b(may|might|maybe|perhaps|possibl\w+|either|could be|could have|if|whether|peut-[êe]tre|il se peut|si|"
    r"puede que|"
    r"quiz[áa]s?|tal vez|k[öo]nnte|vielleicht|m[öo]glicherweise|falls|wenn|pode ser|talvez|возможно|может|если|"
    r"ربما)\b"
    r"|かもしれ|可能|temporar|vor[üu]bergehend|temporaire|vremenn|временно|مؤقت"
)
"""A sentence that guesses, or says that it is only for a while, proves nothing."""
