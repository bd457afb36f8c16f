"""Template code is mapped to what it stands for or dropped; it is never executed."""

from html import unescape
from urllib.parse import unquote

import pytest
from post_cases import SITE, content, one, post, read


def html(body: str, path: str = "2026-01-02-a.md", **options: object) -> str:
    return content(one(post(body), path, **{"base_url": SITE, "engine": "jekyll", **options}))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% raw %}{{ x }}{% endraw %}", "<p>{{ x }}</p>"),
        ("a{% comment %}b {% if %}{% endcomment %}c", "<p>ac</p>"),
        ("a {% include x.html y='z' %}b", "<p>a b</p>"),
        ("{% if x %}a{% else %}b{% endif %}", "<p>ab</p>"),
        ("{{ page.title }}a{{ 1 | plus: 2 }}", "<p>a</p>"),
        ("a{# remark #}b", "<p>ab</p>"),
        ("a{%- assign x = 1 -%}b", "<p>ab</p>"),
        (
            "[x]({{ site.url }}{{ site.baseurl }}/y)",
            '<p><a href="https://site.example/y">x</a></p>',
        ),
        ("[x]({{ '/y' | relative_url }})", '<p><a href="https://site.example/y">x</a></p>'),
        (
            "{% youtube abc %}",
            '<p><a href="https://www.youtube.com/watch?v=abc">https://www.youtube.com/watch?v=abc</a></p>',
        ),
        (
            "{{< gist ann 123 >}}",
            '<p><a href="https://gist.github.com/ann/123">https://gist.github.com/ann/123</a></p>',
        ),
        ('{{< figure src="/a.png" alt="A" >}}', '<img src="/a.png" alt="A">'),
        ("{% asset_img a.png words %}", '<img src="a.png" alt="">'),
        ("![x]({static}/a.png)", '<p><img src="/a.png" alt="x" /></p>'),
        ("![x]({attach}a.png)", '<p><img src="a.png" alt="x" /></p>'),
        ("a {{< unknown x=1 >}}b{{< /unknown >}} c", "<p>a b c</p>"),
        ("{{</* figure src=x */>}}", "<p>{{&lt; figure src=x &gt;}}</p>"),
        ("words\n{: .note}", "<p>words</p>"),
        ("an open {% tag", "<p>an open {% tag</p>"),
        ("an open {{ value", "<p>an open {{ value</p>"),
        ("{% raw %}never closed {{ x }}", "<p>never closed {{ x }}</p>"),
    ],
)
def test_what_becomes_of_template_code(body: str, expected: str) -> None:
    assert html(body) == expected


@pytest.mark.parametrize(
    "body",
    ["`{{ x }}`", "``{% y %}``", "```\n{{ x }} {% y %}\n```", "~~~\n{{< z >}}\n~~~"],
)
def test_code_keeps_its_template_code(body: str) -> None:
    shown = html(body)
    assert "<code>" in shown
    assert "{{" in shown or "{%" in shown


def test_code_in_html_keeps_its_template_code() -> None:
    assert html("<pre>{{ x }}</pre>{{ y }}", "2026-01-02-a.html") == "<pre>{{ x }}</pre>"


@pytest.mark.parametrize(
    "body",
    [
        "{% highlight python %}\nx = '{{ y }}'\n{% endhighlight %}",
        "{{< highlight python >}}\nx = '{{ y }}'\n{{< /highlight >}}",
        "{% codeblock lang:python %}\nx = '{{ y }}'\n{% endcodeblock %}",
    ],
)
def test_highlighted_code_is_a_block_of_code(body: str) -> None:
    assert html(body) == ("<pre><code class=\"language-python\">x = '{{ y }}'\n</code></pre>")


def test_a_block_of_code_may_hold_fences() -> None:
    assert "```" in html("{% highlight md %}\n```\nx\n```\n{% endhighlight %}")


@pytest.mark.parametrize(
    "body",
    [
        "[x]({% post_url 2026-01-01-other %})",
        "[x]({% link _posts/2026-01-01-other.md %})",
        '[x]({{< ref "2026-01-01-other.md" >}})',
        '[x]({{< relref "other" >}})',
        "[x]({filename}/_posts/2026-01-01-other.md)",
        "{% post_link other x %}",
    ],
)
def test_another_post_is_linked_by_its_address(body: str) -> None:
    files: dict[str, str | bytes] = {
        "_posts/2026-01-01-other.md": post("Words."),
        "_posts/2026-01-02-a.md": post(body),
    }
    newest = read(files, base_url=SITE, engine="jekyll").feed.entries[0]
    assert 'href="https://site.example/2026/01/01/other.html">x</a>' in content(newest)


def test_a_wiki_link_is_a_link_or_its_words() -> None:
    files: dict[str, str | bytes] = {
        "Other page.md": post("x", date="2026-01-01"),
        "a.md": post("[[Other page|there]] [[Nowhere]] [[Other page]]", date="2026-01-02"),
    }
    newest = read(files, base_url=SITE, permalink="/:name/").feed.entries[0]
    assert content(newest) == (
        '<p><a href="https://site.example/Other%20page/">there</a> Nowhere '
        '<a href="https://site.example/Other%20page/">Other page</a></p>'
    )


def test_a_link_to_a_post_that_is_not_there_is_empty() -> None:
    assert html("[x]({% post_url 2026-01-01-gone %})") == '<p><a href="">x</a></p>'


def test_mdx_s_imports_and_components_go_and_what_is_between_stays() -> None:
    body = "import X from './x'\n\nexport const y = 1\n\n<Tabs a={1}>\n\nWords.\n\n</Tabs>\n"
    assert html(body, "2026-01-02-a.mdx", engine="docusaurus") == "<p>Words.</p>"


def test_what_was_left_out_is_counted_once_for_the_source() -> None:
    files: dict[str, str | bytes] = {
        f"2026-01-0{day}-a.md": post("{% include x %}{% assign y = 1 %}{% include z %}")
        for day in (1, 2)
    }
    assert read(files, engine="jekyll").feed.warnings == (
        "template code was left out: include 4, assign 2",
    )


@pytest.mark.parametrize(
    "mark",
    [
        "<!-- more -->",
        "<!--more-->",
        "<!-- truncate -->",
        "{/* truncate */}",
        "<!-- excerpt -->",
        "<!-- TEASER_END -->",
        "<!-- TEASER_END: click to read -->",
        "<!-- PELICAN_END_SUMMARY -->",
    ],
)
def test_the_excerpt_ends_at_its_mark(mark: str) -> None:
    entry = one(post(f"First.\n\n{mark}\n\nSecond."))
    assert entry.summary is not None
    assert (entry.summary.value, entry.summary.is_html) == ("<p>First.</p>", True)
    assert content(entry).split() == ["<p>First.</p>", "<p>Second.</p>"]


def test_a_post_names_its_own_mark() -> None:
    entry = one(post("First.\n\n--8<--\n\nSecond.", excerpt_separator="--8<--"))
    assert entry.summary is not None
    assert entry.summary.value == "<p>First.</p>"


@pytest.mark.parametrize("key", ["excerpt", "summary", "description"])
def test_a_stated_excerpt_wins(key: str) -> None:
    entry = one(post("First.\n\n<!-- more -->\n\nSecond.", **{key: "Stated & plain"}))
    assert entry.summary is not None
    assert (entry.summary.value, entry.summary.is_html) == ("Stated & plain", False)


def test_only_excerpts_where_the_operator_says_so() -> None:
    entry = one(post("First.\n\nSecond."), body="excerpt")
    assert entry.content is None
    assert entry.summary is not None
    assert entry.summary.value == "<p>First.</p>"


def test_in_a_page_braces_written_as_references_are_shown_and_others_are_template_code() -> None:
    page = (
        "<html><head><title>A &#123;b&#125;</title></head><body>"
        "<p>&#123;{ x }&#x7D; &lbrace;% y %&rcub; {{ site.title }}"
        '<a href="https://a.example/?&#123;q}">l</a></p></body></html>'
    )
    (entry,) = read({"a.html": page}, engine="pelican").feed.entries
    assert entry.title.value == "A {b}"
    assert entry.content is not None
    text = unescape(entry.content.value)
    assert "{{ x }}" in text
    assert "{% y %}" in text
    assert "site.title" not in text
    assert unquote(text).count("https://a.example/?{q}") == 1
