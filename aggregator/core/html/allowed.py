"""What of HTML may leave here: elements of text, tables, pictures and sound.

Not here: anything that acts (scripts, forms, frames, objects), anything that dresses up as
something else (style, class, id), SVG and MathML (every sanitiser's leaks of the last years were in
them), what HTML no longer has (rb, rtc), and what the reader's program must decide (target,
autoplay).
"""

_TEXT = (
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code del"
    " details dfn dir div dl dd dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i"
    " ins kbd li main mark menu nav ol p pre q rp rt ruby s samp section small span strike strong"
    " sub summary sup time tt u ul var wbr"
)
_TABLE = "col colgroup table tbody td tfoot th thead tr"
_MEDIA = "audio img picture source track video"
TAGS = frozenset(f"{_TEXT} {_TABLE} {_MEDIA}".split())

_ATTRIBUTES = {
    "a": "href title hreflang type",
    "abbr": "title",
    "acronym": "title",
    "audio": "src controls preload loop",
    "col": "span",
    "colgroup": "span",
    "del": "datetime",
    "details": "open",
    "dfn": "title",
    "img": "src srcset sizes alt title width height",
    "ins": "datetime",
    "li": "value",
    "ol": "start reversed type",
    "source": "src srcset sizes type media",
    "td": "colspan rowspan headers align valign",
    "th": "colspan rowspan headers align valign scope abbr",
    "time": "datetime",
    "track": "src kind srclang label default",
    "video": "src poster controls preload loop width height muted",
}
# No cite: nobody sees it, and nh3 takes any address there, javascript: among them.
# No title for all: elements such as <b> are cloned by the parser, and their attributes with them.
_EVERYWHERE = "lang dir"
ATTRIBUTES = {
    tag: frozenset(f"{_ATTRIBUTES.get(tag, '')} {_EVERYWHERE}".split()) for tag in sorted(TAGS)
}

SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_SILENT = "annotation annotation-xml noembed noframes script style template"
_UNWRAPPED = (
    "noscript maction math menclose merror mfenced mfrac mi mlabeledtr mmultiscripts mn mo mover"
    " mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd"
    " mtext mtr munder munderover semantics"
)
_DRAWN = (
    "svg animate animatecolor animatemotion animatetransform circle clippath color-profile cursor"
    " defs desc discard ellipse feblend fecolormatrix fecomponenttransfer fecomposite"
    " feconvolvematrix fediffuselighting fedisplacementmap fedistantlight fedropshadow feflood"
    " fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge femergenode femorphology"
    " feoffset fepointlight fespecularlighting fespotlight fetile feturbulence filter font-face"
    " font-face-format font-face-name font-face-src font-face-uri foreignobject g glyph glyphref"
    " hatch hatchpath hkern image line lineargradient marker mask mesh meshgradient meshpatch"
    " meshrow metadata missing-glyph mpath path pattern polygon polyline radialgradient rect set"
    " solidcolor stop switch symbol text textpath tref tspan use view vkern"
)
_RAW = "iframe noembed noframes noscript plaintext script style textarea title xmp"
_VOID = "area base br col embed hr img input link meta source track wbr"
_CLOSED_BY_NEIGHBOURS = "caption colgroup dd dt li p rb rp rt rtc tbody td tfoot th thead tr"
_FORMATTING = "a b big code em font i nobr s small strike strong tt u"
_BLOCKS = (
    "address article aside blockquote br caption center dd details dir div dl dt dd fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol"
    " option p pre section summary table tbody td tfoot th thead title tr ul"
)

SILENT = frozenset(_SILENT.split())
"""Elements that go with all that is in them: it was never to be shown."""
UNWRAPPED = frozenset(_UNWRAPPED.split())
"""Elements whose content is to be read although nh3 would drop it, or show its tags."""
DRAWN = frozenset(_DRAWN.split())
"""Elements of drawings: the parser drops them with the words that stand in them, or after them."""
RAW = frozenset(_RAW.split())
"""Elements whose content the parser takes for text, tags and all, up to their own end tag."""
VOID = frozenset(_VOID.split())
CLOSED_BY_NEIGHBOURS = frozenset(_CLOSED_BY_NEIGHBOURS.split())
"""Elements that a neighbour's start tag ends: unclosed ones nest no deeper."""
FORMATTING = frozenset(_FORMATTING.split())
"""Elements that the parser opens anew in every block until they are closed (HTML 13.2.4.3)."""
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that part words: what stands before and after is not one word."""
