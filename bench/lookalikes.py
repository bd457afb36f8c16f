# ruff: noqa: E501 -- a paragraph is a line
"""Different stories that look alike: what one template makes of other names, figures and words.

Some fifty families, told by one source, by several in turn, or by a source of its own for each
entry, where nothing but the pair itself can tell. No two entries are one story, so every merge is a
false one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import Struct

from aggregator.core.stories import Arrival, Desk, features
from aggregator.model.known import EntryKey

_START = datetime(2026, 1, 1, tzinfo=UTC)
_SUMMARY = 260
"""Characters of a text that is cut."""

Family = tuple[str, tuple[str, ...]]
"""Title and paragraphs."""

_POOLS = {
    "town": "Alderby Brackwater Cawston Denholm Eskdale Farley Garrow Hexton Ilmer Jarrow Kelby Langport Marlow Norby Oakham Penrith Quorn Redcar Selby Thirsk Ulver Ventnor Wexford Yarm Zeal",
    "first": "Ada Ben Clara Dev Ella Finn Gita Hugh Iris Jon Kim Lena Mara Nils Omar Priya Quinn Rosa Sam Tess Uma Vera Will Xenia Yusuf Zoe",
    "last": "Abbott Brandt Castell Dorsey Ekman Foley Grant Holm Iqbal Jensen Kovacs Lund Marsh Novak Osei Petrov Quill Reyes Stone Tanaka Underhill Voss Weber Young Zeller",
    "firm": "Acorel Benthic Corvane Dalmore Evenlode Fenwick Gallium Harrow Inverna Jolar Kestrel Lumina Meridian Northgate Orsted Palfrey Quantrel Ridgeway Solvane Tamarack Umbra Veltra Westmark Xylon Yarrow Zephyr",
    "thing": "kettle toaster heater blender lamp scooter cot pram drill mower grill fan router charger saddle helmet ladder stroller sander freezer",
    "food": "leek lentil beetroot pumpkin spinach chickpea salmon chicken mushroom carrot parsnip barley tomato aubergine cabbage celery bean lamb",
    "program": "Quarrel Osprey Tinder Lantern Mosaic Pylon Gantry Harbor Sextant Trellis Vellum Cobalt Ferrite Nimbus Orchid Plover Quartz Raster Sable Tundra",
    "theme": "tides orchards bridges trams clocks owls kilns maps bells mills ferries peat looms harps beacons quarries",
    "sign": "Aries Taurus Gemini Cancer Leo Virgo Libra Scorpio Sagittarius Capricorn Aquarius Pisces",
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "month": "January February March April May June July August September October November December",
    "word": "calm brisk gentle sombre lively patient steady curious bitter bright uneven modest restless hopeful",
}

FAMILIES: dict[str, Family] = {
    "weather": (
        "Weather for {town}: {word}",
        (
            "{town} will see highs of {a} degrees and lows of {b} degrees on {day}, with winds from the west at {c} miles an hour.",
            "Rain is likely in the afternoon, and showers may linger into the evening. The chance of rain is {d} per cent.",
            "Sunrise is at 6:{e2} and sunset at 19:{f2}. Pollen counts are expected to be low.",
            "This forecast is updated twice a day. Check the radar before you set out.",
        ),
    ),
    "fund value": (
        "Net asset value of {firm} Income Trust",
        (
            "{firm} Income Trust announces that its unaudited net asset value per share as at the close of business on {e} {month} was {a}.{b} pence including income and {c}.{d} pence excluding income.",
            "The figures have been calculated in accordance with the guidelines of the Association of Investment Companies.",
            "Investments in the Company's portfolio have been valued on a bid price basis. This information is provided by the newswire.",
        ),
    ),
    "earnings": (
        "{firm} beats expectations in third quarter",
        (
            "{firm} on {day} reported third-quarter net income of ${a}.{b} million, after a loss in the same period a year earlier.",
            "On a per-share basis, the company said it had profit of {c} cents. Earnings, adjusted for one-time gains and costs, came to {d} cents per share.",
            "The results exceeded the expectations of Wall Street. The average estimate of four analysts surveyed was for earnings of {e} cents per share.",
            "The company posted revenue of ${f}.{a} million in the period, which also beat the forecasts of the street.",
            "{firm} shares have climbed {b} per cent since the beginning of the year. This story was generated from data.",
        ),
    ),
    "earnings date": (
        "{firm} to announce third quarter results",
        (
            "{firm} today announced that it will release its financial results for the third quarter after the close of the markets on {day}, {month} {e}.",
            "Management will host a conference call at 5:00 p.m. Eastern Time to discuss the results. A live webcast will be available on the investor relations section of the company's website.",
            "To join by telephone, dial in ten minutes before the call and give the passcode {f}{c}{a}. A replay will be available for two weeks.",
            "About {firm}: {firm} makes components for the {thing} industry and employs {c}00 people at {d} sites.",
        ),
    ),
    "shareholder alert": (
        "Investor alert: Hagen & Roe reminds investors of {firm} of the deadline",
        (
            "Hagen & Roe LLP, a leading shareholder rights law firm, reminds purchasers of securities of {firm} between {month} {e} and {month2} {f} of the important deadline in the class action.",
            "If you purchased securities of {firm} during the class period, you may be entitled to compensation without payment of any out of pocket fees or costs through a contingency fee arrangement.",
            "According to the lawsuit, defendants made false or misleading statements throughout the class period about the {thing} business of the company. When the true details entered the market, the lawsuit claims that investors suffered damages.",
            "No class has been certified. Until a class is certified, you are not represented by counsel unless you retain one. You may select counsel of your choice, or remain an absent class member and do nothing at this point.",
            "Hagen & Roe represents investors throughout the globe and concentrates its practice in securities class actions. Attorney advertising. Prior results do not guarantee a similar outcome.",
        ),
    ),
    "match": (
        "{town} Rovers {g}-{h} {town2} United",
        (
            "{person} scored in the {a}th minute as {town} Rovers met {town2} United at a {word} ground on {day}.",
            "The visitors started the better side and went close when a header came back off the crossbar.",
            "After the break both managers rang the changes, but clear chances were few and the crowd grew restless.",
            "The home manager said he was proud of the effort and that the table does not lie at this stage of the season.",
            "Attendance: {c},{d}{e}. Referee: {person2}.",
        ),
    ),
    "obituary": (
        "{person}",
        (
            "{person}, {a}, of {town}, passed away peacefully on {month} {e}, surrounded by family.",
            "A graduate of {town2} High School, {first} worked for many years as a {job} and never missed a Sunday in the garden.",
            "Survivors include two daughters, a son, and six grandchildren. {first} was preceded in death by both parents.",
            "Visitation will be held from 4 to 7 p.m. at the funeral home, with services the next morning. In lieu of flowers, memorials may be made to the hospice.",
        ),
    ),
    "job": (
        "{job2} wanted in {town}",
        (
            "{firm} is looking for a {job2} to join our growing team in {town}. You will work with people who care about what they do.",
            "You bring three years of experience, curiosity, and the ability to explain difficult things simply. A degree is welcome but not required.",
            "We offer flexible hours, thirty days of paid leave, a budget for learning, and an office next to the station.",
            "Send your application by {month} {e} with the reference {f}{a}. We are an equal opportunity employer.",
        ),
    ),
    "patch release": (
        "{program} {a}.{b}.{c} released",
        (
            "We are happy to announce the release of {program} {a}.{b}.{c}. This is a maintenance release; all users are encouraged to upgrade.",
            "Fixed a crash when the {thing} module is loaded twice. Corrected the handling of empty {food} tables.",
            "To install, run the installer for your platform or use your package manager. Binaries are signed, and checksums are attached below.",
            "Thanks to everyone who contributed code, reported issues and tested the release candidates.",
        ),
    ),
    "release of a series": (
        "Trellis 4.{s}.0 released",
        (
            "The Trellis team is pleased to announce the availability of Trellis 4.{s}.0, the {s}th minor release of the 4 series.",
            "Highlights: a {word} scheduler, a new {thing} connector, and faster start-up of large projects.",
            "Upgrading from earlier releases of the 4 series is supported and takes a few minutes. Read the upgrade guide before you start, and make a backup of your data directory.",
            "Downloads are available from the usual mirrors. Packages for the supported distributions follow within a day.",
            "The team thanks the {c} contributors who took part in this release, and the sponsors who make the work possible.",
        ),
    ),
    "changelog": (
        "Changelog: week {s}",
        (
            "Here is what we shipped this week. As always, let us know in the forum what you think.",
            "New: the {thing} view can be filtered by {food}, and exports remember the last folder.",
            "Improved: searching for {theme} is {a} per cent faster, and the list no longer jumps.",
            "Fixed: {b} small bugs, among them one in the {word} theme. That is all for this week; see you next time.",
        ),
    ),
    "recall": (
        "{firm} recalls {thing}s over fire hazard",
        (
            "{firm} is recalling about {a},000 {thing}s because the battery can overheat, posing fire and burn hazards.",
            "Consumers should immediately stop using the recalled product and contact the company for a free repair kit or a full refund.",
            "The firm has received {c} reports of overheating, including {d} of minor burns. No deaths have been reported.",
            "The product was sold at hardware stores nationwide and online from {month} through {month2} for about ${e}0. Model numbers are printed on the underside.",
        ),
    ),
    "police log": (
        "Police log for {month} {e}",
        (
            "The following was taken from the log of the {town} Police Department. All persons are presumed innocent until proven guilty.",
            "{a}:15 a.m.: A caller on {last} Street reported a suspicious {thing} in the driveway. Officers found nothing.",
            "{b}:40 p.m.: {person}, {c}, of {town2} was cited for speeding on the bypass.",
            "11:{d2} p.m.: A noise complaint on {last2} Avenue was resolved. The log is published every weekday.",
        ),
    ),
    "newsletter": (
        "The morning letter: {theme}",
        (
            "Good morning. Here is what you need to know today, in the time it takes to drink a coffee.",
            "First, {theme}: {person} of {firm} told us that the year would be {word}, and that nobody had expected the number of {a}.",
            "Then: {town} votes on {day} about the {thing} levy. We will have the result for you.",
            "Was this letter forwarded to you? Sign up here. You can unsubscribe at any time with one click. See you tomorrow.",
        ),
    ),
    "event": (
        "What's on: an evening of {theme}",
        (
            "Join us on {day}, {month} {e}, at the {town} community hall for an evening of {theme} with {person}.",
            "Doors open at {c}:30 p.m. Tickets are ${b} at the door, and members pay half. Light refreshments will be served.",
            "The hall is accessible, and parking is available behind the building. For information call the office.",
        ),
    ),
    "show notes": (
        "Episode {s}: {theme}",
        (
            "In this episode we talk to {person} about {theme}, and about what {firm} did wrong in {month}.",
            "Links from the show are on our page. Transcript by the usual suspects.",
            "Thanks to our sponsors, who make this show possible. Use the code {program} at the checkout for ten per cent off.",
            "If you like the show, please leave us a review wherever you listen. Music by the house band. Write to us with questions.",
        ),
    ),
    "exchange notice": (
        "Notice {s}: trading in {firm}",
        (
            "Members are informed that trading in the shares of {firm} will be {halted} as of {day}, {month} {e}, at the opening.",
            "Orders in the book at the close of the previous session will be deleted. Members are asked to inform their customers accordingly.",
            "ISIN: XS{f}{a}{b}. Segment: small caps. This notice is issued under section {c} of the rules of the exchange. For questions contact market supervision.",
        ),
    ),
    "part": (
        "Building a {thing} from scratch, part {s}",
        (
            "This is part {s} of a series in which we build a {thing} from scratch. If you have not read the earlier parts, start there.",
            "Last time we got the frame to hold. Today we look at the {theme}: why {person} says that {a} millimetres are enough, and what goes wrong with {b}.",
            "You need the tools from part one, a file, and patience. As before, all drawings are in the repository under a free licence.",
            "In the next part we go on with the rest. Leave a comment if you get stuck, and subscribe so that you do not miss it.",
        ),
    ),
    "correction": (
        "Corrections: {month} {e}",
        (
            "An article on {day} about {theme} misstated the age of {person}. It is {a}, not {b}.",
            "We strive to correct all errors promptly. To contact the newsroom regarding correction requests, write to the editors.",
            "Comments on opinion articles may be sent to the letters desk. For delivery problems call the customer service.",
        ),
    ),
    "recipe": (
        "{food2} soup for a {word} evening",
        (
            "This {food} soup is ready in half an hour and tastes even better the next day.",
            "Heat the oil in a large pot over medium heat. Add the onion and cook until soft, about five minutes. Stir in the garlic and cook for another minute.",
            "Add {a} ounces of {food}, the stock and a bay leaf. Bring to the boil, then simmer for {b} minutes.",
            "Season with salt and pepper, remove the bay leaf, and blend until smooth. Serve with bread. Keeps for three days in the fridge.",
        ),
    ),
    "review": (
        "{firm} {thing} {a}{b}0 review: {word}",
        (
            "The {firm} {thing} {a}{b}0 arrives in a plain box with a cable and a leaflet. Setting it up took us {c} minutes.",
            "In our tests it did what it should. Build quality is good for the price, though the buttons feel a little loose.",
            "The battery lasted {d} hours in our standard test, which is about average for the class.",
            "Verdict: a {word} {thing} at ${e}9. We may earn a commission when you buy through links on our site. How we test.",
        ),
    ),
    "horoscope": (
        "Your horoscope for {day}: {sign}",
        (
            "{sign}: a {word} day lies ahead. Someone named {first} has news for you, and the number {a} brings luck.",
            "Take your time with decisions about money. A conversation in the evening clears the air.",
            "Read tomorrow's horoscope here from midnight. For a personal reading visit our partner.",
        ),
    ),
    "television": (
        "TV tonight: what to watch on {day}",
        (
            "Our pick of what is on the box tonight, and where to stream it later.",
            "8 p.m., Channel One: {person} travels to {town} in search of {theme}. Part {g} of {h}.",
            "9 p.m., Channel Four: the {word} drama about a {job} continues. {a} episodes are to come.",
            "Programmes may change at short notice. All times are local.",
        ),
    ),
    "court list": (
        "Cause list of the county court, {month} {e}",
        (
            "The following matters are listed before the county court sitting at {town}. Parties should attend half an hour before the time stated.",
            "Court {g}, 10 a.m.: {last} against {last2}, case {a}{b}{c}. Before Her Honour Judge {last3}.",
            "Court {h}, 2 p.m.: {firm} against {last3}, case {d}{e}{f}. Part heard.",
            "The list is subject to change. Telephones must be switched off in the courtroom.",
        ),
    ),
    "school closed": (
        "{town} schools closed on {day}",
        (
            "All schools in the {town} district are closed on {day} because of {weather}. Staff should report as normal if it is safe to travel.",
            "Buses do not run. After-school activities and evening classes are cancelled.",
            "Parents are asked to check the website of the district for updates and not to call the schools.",
        ),
    ),
    "planning": (
        "Planning application in {town}",
        (
            "An application has been lodged for a {word} {storeys}-storey building at {a} {last} Street in {town}.",
            "The plans, which can be seen at the council offices during opening hours, provide for {b} flats and {c} parking spaces.",
            "Comments may be made in writing within twenty-one days. The application is expected to go before the planning committee.",
        ),
    ),
    "agenda": (
        "Agenda: {town} town council, {month} {e}",
        (
            "The {town} town council meets on {day} at 7 p.m. in the council chamber. The public is welcome.",
            "1. Apologies. 2. Minutes of the last meeting. 3. Declarations of interest. 4. Public participation.",
            "5. {thing} maintenance contract, report by {person}. 6. Grant for the {theme} society, ${a}{b}0.",
            "7. Date of the next meeting. Papers are available from the clerk.",
        ),
    ),
    "tides": (
        "Tide times for {town}",
        (
            "High water at {town}: {g}:{d2} and 1{h}:{e2}. Height {a}.{b} metres.",
            "Low water: {h}:{f2} and 1{g}:{d2}. Times are in local time and are predictions only.",
            "Mariners should consult official sources. Weather may change heights considerably.",
        ),
    ),
    "dividend": (
        "{firm} declares quarterly dividend",
        (
            "The board of directors of {firm} declared a quarterly cash dividend of ${g}.{a} per share of common stock.",
            "The dividend is payable on {month} {e} to shareholders of record at the close of business on {month2} {f}.",
            "Statements in this release that are not historical facts are forward-looking and subject to risks and uncertainties. The company undertakes no obligation to update them.",
        ),
    ),
    "buy-back": (
        "Transaction in own shares",
        (
            "{firm} announces that on {e} {month} it purchased {a},{b}{c} of its ordinary shares for cancellation at an average price of {d}.{f} pence.",
            "Following the purchase the issued share capital is {c}{d},{e}{a},{b}{f} shares, each with one vote. The company holds no shares in treasury.",
            "The above figure may be used by shareholders as the denominator for the calculations by which they determine whether they must notify their interest.",
        ),
    ),
    "director dealing": (
        "{firm}: director dealing",
        (
            "{firm} was notified on {e} {month} that {person}, a director, acquired {a},{b}{c} ordinary shares at {d} pence per share.",
            "The notification below is made in accordance with the requirements of the market abuse regulation.",
            "Details of the person discharging managerial responsibilities. Position: director. Initial notification. Place of the transaction: the main market.",
        ),
    ),
    "advisory": (
        "Security advisory: {program} {flaw}",
        (
            "A vulnerability was found in {program} before version {a}.{b}. It has been rated {severity}.",
            "A remote attacker could exploit it by sending a crafted request, leading to {flaw}.",
            "Users should upgrade at once. There is no known workaround. The issue is tracked as number {c}{d}{e}.",
            "We thank {person} for reporting it responsibly. Packages for all supported branches are available.",
        ),
    ),
    "incident": (
        "Degraded performance of {service}",
        (
            "Investigating: we are looking into reports of errors with {service} in the {region} region.",
            "Identified: the cause was found, and a fix is being put in place. Requests may fail or be slow until then.",
            "Resolved: the incident is over. It lasted {a} minutes and affected {b} per cent of requests. We apologise for the trouble.",
        ),
    ),
    "house": (
        "{bedrooms}-bedroom house for sale in {town}",
        (
            "This {word} {bedrooms}-bedroom home in {town} has been kept with care and is offered with no onward chain.",
            "On the ground floor are a hall, a living room of {a} square metres, and a fitted kitchen. The garden faces south.",
            "Close to schools, shops and the station. Offers over ${b}{c},000. Viewing by appointment with the agents, {last} and {last2}.",
        ),
    ),
    "crossword": (
        "Crossword answers for {month} {e}",
        (
            "Stuck on today's puzzle? Here are all the answers, so look away now if you want to solve it yourself.",
            "Across: {theme}, {word}, {thing}, {food}. Down: {program}, {sign}, {town}, {last}.",
            "The grid was set by {person}. Come back tomorrow for the next one, and share your time in the comments.",
        ),
    ),
    "movers": (
        "Midday movers: {firm} {up}",
        (
            "These are the stocks making the biggest moves at midday.",
            "{firm}: the shares moved {a} per cent after the company cut its outlook for {thing}s. {firm2}: up {b} per cent on an upgrade.",
            "The broader market was little changed. All figures are delayed by at least fifteen minutes. This is not investment advice.",
        ),
    ),
    "coin": (
        "{program}Coin price falls below ${a},000",
        (
            "{program}Coin was trading at ${a},{b}{c} by 08:30 on the index on {day}, down {d} per cent.",
            "The move downwards pushed its market cap down to ${e}.{f} billion. At its highest it had been twice that.",
            "Elsewhere in trading, other coins followed. Disclosure: data are provided by exchanges and may differ.",
        ),
    ),
    "deal": (
        "Deal of the day: {firm} {thing} for ${a}",
        (
            "The {firm} {thing} is down to ${a} today, from ${b}9. That is the lowest price we have seen since {month}.",
            "Deals come and go quickly, so act soon. Prices were correct at the time of writing.",
            "When you buy through our links, we may get a small share. Our editors choose what they recommend independently.",
        ),
    ),
    "word of the day": (
        "Word of the day: {word}",
        (
            "Today's word is {word}. It came into the language in the {a}th century, by way of {theme}.",
            "Example: the {job} from {town} was {word} all morning.",
            "Did you know? Hear it spoken on our page, play the quiz, and get the word of the day by mail.",
        ),
    ),
    "devotion": (
        "Daily reading, {month} {e}",
        (
            "Today's reading is from chapter {a}, verses {b} to {c}. Read it slowly, and twice.",
            "It speaks of {theme}, and of a {job} who was {word}. What does that say to you?",
            "Close with a moment of quiet. The readings follow the calendar and are written by volunteers. May your day be blessed.",
        ),
    ),
    "missing": (
        "Police appeal for help to find missing teenager",
        (
            "Police are growing concerned for the welfare of {first}, {g}{h}, who has been missing from {town} since {day}.",
            "The teenager is described as slim, of average height, and was last seen wearing a {word} coat near the {thing} shop.",
            "Anyone with information is asked to call the control room and to quote the number {a}{b}{c}.",
        ),
    ),
    "crash": (
        "Man dies after crash near {town}",
        (
            "A {a}-year-old man has died after a crash on the road between {town} and {town2} on {day}.",
            "The road was closed for several hours while officers worked at the scene. No arrests have been made.",
            "Police are appealing for witnesses, or anyone who may have footage from a camera, to come forward.",
        ),
    ),
    "flood": (
        "Flood warning for the river {theme2}",
        (
            "A flood warning is in force for the river {theme2} at {town}. River levels are rising as a result of heavy rain.",
            "Flooding of property is expected from {c}:00. Take action now: move valuables upstairs, and turn off gas, water and electricity if it is safe to do so.",
            "We are monitoring the situation closely. This message will be updated when the situation changes.",
        ),
    ),
    "road": (
        "Overnight closures on route {a}",
        (
            "Route {a} will be closed overnight between {town} and {town2} from {day} for resurfacing.",
            "Closures run from 9 p.m. to 5 a.m. and are subject to the weather. A signed diversion will be in place.",
            "The authority thanks road users for their patience while these essential works are carried out.",
        ),
    ),
    "appointment": (
        "{firm} appoints {person}",
        (
            "{firm} today announced the appointment of {person} as {role}, effective {month} {e}.",
            "{first} brings more than {a} years of experience in the industry and joins from {firm2}.",
            "We are delighted to welcome such a talented leader at this exciting time, said the chief executive, {person2}.",
            "I am thrilled to join a company with such a strong culture, the new {role} said. Media contact: press office.",
        ),
    ),
    "rating": (
        "Analysts raise target for {firm}",
        (
            "Analysts at {firm2} raised their price objective on shares of {firm} from ${a}.00 to ${b}.00 in a note on {day}.",
            "The brokerage currently has a {stance} rating on the stock. Several other analysts have weighed in on the company.",
            "Shares opened at ${c}.{d} on {day2}. The firm has a fifty-day moving average of ${e}.{f} and a beta of 1.{g}.",
            "Institutional investors have recently modified their holdings. Receive news and ratings by mail: enter your address below.",
        ),
    ),
    "decision": (
        "Council {decides} plan for {town} {thing} works",
        (
            "The planning committee on {day} {decides} the plan for a {thing} works on the edge of {town}.",
            "Residents had argued for two years about the lorries that it would bring through the high street.",
            "The applicant has said that two hundred people would find work there. The minister has the last word.",
        ),
    ),
    "verdict": (
        "Jury finds former mayor {guilty}",
        (
            "A jury on {day} found the former mayor of {town}, {person}, {guilty} of taking bribes from a builder.",
            "The trial lasted five weeks. Prosecutors had shown the court messages in which sums of money were called loaves of bread.",
            "The mayor, who left office four years ago, embraced relatives. The builder had pleaded guilty in the spring.",
        ),
    ),
    "week in theme": (
        "This week in {program}, issue {s}",
        (
            "Hello and welcome to another issue of This Week in {program}! This is a weekly summary of its progress and community. Want something mentioned? Send us a pull request.",
            "Updates from the community: {person} writes about {theme}. {person2} measures the {thing} crate.",
            "Crate of the week: this week's crate is {food}-{word}, a library for {theme}. Thanks for the suggestion!",
            "Call for participation: always wanted to contribute but did not know where to start? Every week we highlight some tasks.",
            "{a} pull requests were merged in the last week. Upcoming events: {town}, {day}. Quote of the week: {person}.",
        ),
    ),
    "meeting notes": (
        "Working group meeting, {month} {e}",
        (
            "Hello everyone! The working group met on {month} {e}. The following meeting will take place in a fortnight. You can find the detailed minutes in the repository, but here is a quick summary.",
            "{person} reported on {theme}: {a} of {b} items are done. We discussed whether the {thing} proposal needs a second reader.",
            "The group is open to everybody. Join us in the chat if you want to help, or read the notes of earlier meetings.",
        ),
    ),
}
_CHOICES = {
    "up": ("jumps", "sinks", "is flat"),
    "decides": ("approves", "rejects", "defers"),
    "guilty": ("guilty", "not guilty"),
    "halted": ("suspended", "resumed", "terminated"),
    "stance": ("buy", "hold", "sell"),
    "severity": ("critical", "important", "moderate", "low"),
    "flaw": ("denial of service", "code execution", "disclosure of files", "request forgery"),
    "service": ("the mail API", "search", "file uploads", "sign-in", "webhooks", "billing"),
    "region": ("eastern", "western", "central", "northern", "southern"),
    "weather": ("ice", "snow", "wind", "flooding", "a power cut", "a burst main"),
    "role": ("chief financial officer", "head of sales", "general counsel", "chair"),
    "job": ("teacher", "nurse", "fitter", "baker", "clerk", "driver", "gardener"),
    "job2": ("Bookkeeper", "Welder", "Data analyst", "Cook", "Nurse", "Surveyor"),
    "bedrooms": ("Two", "Three", "Four", "Five"),
    "storeys": ("two", "three", "four", "six"),
}


class LookAlike(Struct, frozen=True):
    """An entry that tells a story of its own."""

    family: str
    source: str
    title: str
    paragraphs: tuple[str, ...]
    hours: int
    """After the first of its family."""


def look_alikes(seed: int, of_each: int, sources: int) -> Iterator[LookAlike]:
    """Yield so many entries of each family, by so many sources in turn, as they would come."""
    for family, (title, paragraphs) in FAMILIES.items():
        chance = Random(f"{seed} {family} {sources}")
        drawn = _names(chance, of_each)
        for number in range(of_each):
            slots = _slots(chance, number, drawn)
            yield LookAlike(
                family,
                f"{family} {number % sources}",
                title.format(**slots),
                tuple(paragraph.format(**slots) for paragraph in paragraphs),
                hours=number * 5,
            )


def merged(told: Sequence[LookAlike], *, cut: bool = False) -> list[LookAlike]:
    """Put entries to stories, whole or cut to their heads; returns those that share one."""
    desk = Desk()
    keys = [EntryKey(one.source, str(number)) for number, one in enumerate(told)]
    for key, one in zip(keys, told, strict=True):
        whole = "".join(f"<p>{paragraph}</p>" for paragraph in one.paragraphs)
        html = f"{' '.join(one.paragraphs)[:_SUMMARY]}…" if cut else whole
        said = features(one.title, "", html, f"https://{key.guid}.example/")
        desk.take(Arrival(key, _START + timedelta(hours=one.hours), said))
    stories = Counter(map(desk.cluster, keys))
    return [one for key, one in zip(keys, told, strict=True) if stories[desk.cluster(key)] > 1]


def _names(chance: Random, count: int) -> dict[str, list[str]]:
    """Draw what makes each entry another: as far as the names go, each once."""
    found = {}
    for name, words in _POOLS.items():
        pool = words.split()
        mixed = chance.sample(pool, len(pool))
        found[name] = [mixed[number % len(mixed)] for number in range(count + 3)]
    return found


def _slots(chance: Random, number: int, drawn: dict[str, list[str]]) -> dict[str, str]:
    slots = {name: names[number] for name, names in drawn.items()}
    for name in ("town", "first", "last", "firm", "theme", "food", "day", "month"):
        slots[f"{name}2"] = drawn[name][number + 1]
    slots["last3"] = drawn["last"][number + 2]
    slots["food2"] = slots["food"].capitalize()
    slots["theme2"] = slots["theme"].capitalize()
    slots["person"] = f"{slots['first']} {slots['last']}"
    slots["person2"] = f"{slots['first2']} {slots['last2']}"
    slots |= {name: str(chance.randint(10, 98)) for name in "abcdef"}
    slots |= {name: str(chance.randint(0, 6)) for name in "gh"}
    slots |= {f"{name}2": str(chance.randint(10, 59)) for name in "def"}
    slots["e"] = str(number % 28 + 1)
    slots["s"] = str(number + 7)
    return slots | {name: words[number % len(words)] for name, words in _CHOICES.items()}
