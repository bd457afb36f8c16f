"""Names of months and days in the languages that feeds are written in, folded (see ``folded``).

A name may be cut short to three letters (two for a day) wherever that names one month only in all
of these languages together; where they disagree, the short forms are spelled out below.
"""

import unicodedata

_MONTHS = """
en  january february march april may june july august september october november december
de  januar februar märz april mai juni juli august september oktober november dezember
at  jänner feber maerz
fr  janvier février mars avril mai juin juillet août septembre octobre novembre décembre
es  enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
it  gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
pt  janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
nl  januari februari maart april mei juni juli augustus september oktober november december
pl  stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada
    grudnia
pl  styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
ru  января февраля марта апреля мая июня июля августа сентября октября ноября декабря
ru  январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
uk  січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
uk  січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
bg  януари февруари март април май юни юли август септември октомври ноември декември
sr  јануар фебруар март април мај јун јул август септембар октобар новембар децембар
el  ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου
    νοεμβρίου δεκεμβρίου
el  ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος
    νοέμβριος δεκέμβριος
hu  január február március április május június július augusztus szeptember október november
    december
cs  ledna února března dubna května června července srpna září října listopadu prosince
cs  leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
sk  januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
sl  januar februar marec april maj junij julij avgust september oktober november december
sv  januari februari mars april maj juni juli augusti september oktober november december
da  januar februar marts april maj juni juli august september oktober november december
no  januar februar mars april mai juni juli august september oktober november desember
is  janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
fi  tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta
    syyskuuta lokakuuta marraskuuta joulukuuta
et  jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
lt  sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio
    gruodžio
lv  janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris
    decembris
tr  ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
ro  ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie
    decembrie
ca  gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
id  januari februari maret april mei juni juli agustus september oktober november desember
ar  يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
ar  جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
he  ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
he  בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר
"""
_SHORT_MONTHS = """
jan feb mar apr may jun jul aug sep oct nov dec
_ febr march apl _ june july _ sept okt nov dez
ene fév mär avr mai juin juil aoû set ott nob dic
янв фев мар апр мая июн июл авг сен окт ноя дек
січ лют бер кві тра чер лип сер вер жов лис гру
ian feb mrt avr mei iun iul ago szept out noi des
ιαν φεβ μαρ απρ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ
_ _ márc ápr máj giu lug _ _ _ _ déc
_ _ _ _ _ čvn čvc _ _ _ _ _
_ شباط آذار نيسان أيار حزيران تموز آب أيلول _ _ _
"""
_DAYS = """
en  monday tuesday wednesday thursday friday saturday sunday
en  mon tues weds thurs fri satur sun
de  montag dienstag mittwoch donnerstag freitag samstag sonntag
de  mo di mi do fr sonnabend so
fr  lundi mardi mercredi jeudi vendredi samedi dimanche
es  lunes martes miércoles jueves viernes sábado domingo
it  lunedì martedì mercoledì giovedì venerdì sabato domenica
pt  segunda terça quarta quinta sexta sábado domingo
pt  segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sab dom
nl  maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
pl  poniedziałek wtorek środa czwartek piątek sobota niedziela
ru  понедельник вторник среда четверг пятница суббота воскресенье
ru  пн вт ср чт пт сб вс
ru  пнд втр срд чтв птн сбт вск
uk  понеділок вівторок середа четвер п'ятниця субота неділя
bg  понеделник вторник сряда четвъртък петък събота неделя
sr  понедељак уторак среда четвртак петак субота недеља
hr  ponedjeljak utorak srijeda četvrtak petak subota nedjelja
sl  ponedeljek torek sreda četrtek petek sobota nedelja
el  δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
hu  hétfő kedd szerda csütörtök péntek szombat vasárnap
cs  pondělí úterý středa čtvrtek pátek sobota neděle
sk  pondelok utorok streda štvrtok piatok sobota nedeľa
sv  måndag tisdag onsdag torsdag fredag lördag söndag
da  mandag tirsdag onsdag torsdag fredag lørdag søndag
fi  maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
fi  maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina
tr  pazartesi salı çarşamba perşembe cuma cumartesi pazar
tr  pzt sal çar per cum cmt paz
tr  pts sal çar prş cum cts paz
lt  pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis
lt  pr an tr kt pn št sk
lv  pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētdiena
ro  luni marți miercuri joi vineri sâmbătă duminică
ca  dilluns dimarts dimecres dijous divendres dissabte diumenge
id  senin selasa rabu kamis jumat sabtu minggu
ar  الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
he  שני שלישי רביעי חמישי שישי שבת ראשון
"""
# Words between the parts that say nothing: articles, prepositions, "o'clock".
_FILLERS = """
t at on the of de del d da di do a à às las le um am om den der dem vom kl klo kell o w dnia dne v
ve ob r в г год года р року г. на στις την uhr h hr hrs hs uur ore hour hours klockan ur год часов ч
و في saat יום st nd rd th er ere eme e ngay thang nam m
"""
_UNDECOMPOSED = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "’": "'"})


def folded(text: str) -> str:
    """Return a text in lower case with single spaces, its digits Western, its accents gone."""
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(_bare(character) for character in plain).translate(_UNDECOMPOSED)
    return " ".join(unicodedata.normalize("NFC", letters).split())


def _bare(character: str) -> str:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _rows(table: str) -> list[list[str]]:
    """Cut a table into its rows; an indented line goes on with the row before it."""
    return [folded(line).split() for line in table.strip().replace("\n  ", " ").splitlines()]


def _beginnings(table: str, shortest: int) -> dict[str, set[int]]:
    """Map each name and each beginning of one to the places, from 0, of all it begins."""
    whole: dict[str, set[int]] = {}
    begun: dict[str, set[int]] = {}
    for _, *names in _rows(table):
        for place, name in enumerate(names):
            whole.setdefault(name, {place})
            for length in range(shortest, len(name)):
                begun.setdefault(name[:length], set()).add(place)
    return begun | whole


def _months() -> dict[str, int]:
    begun = _beginnings(_MONTHS, 3).items()
    months = {name: min(places) + 1 for name, places in begun if len(places) == 1}
    for names in _rows(_SHORT_MONTHS):
        months.update({name: place for place, name in enumerate(names, start=1) if name != "_"})
    return months


MONTHS = _months()
"""Name to number, from 1."""
DAYS = {
    name: min(places) if len(places) == 1 else None
    for name, places in _beginnings(_DAYS, 2).items()
}
"""Name to number, Monday is 0; None where languages disagree which day it is."""
FILLERS = frozenset(folded(_FILLERS).split())
