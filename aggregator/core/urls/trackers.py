"""Names in addresses that say how a reader came, and never which page is meant.

Kept apart from code because they are a matter of observation: a name belongs here if its value
names a campaign, a click or a reader, and no program is known to choose a page by it. Names that
choose pages somewhere ("ga", "ref", "source", "from", "sid", "cid") are not here; ``TELLING`` says
which of their values count.
"""

import re

_BY_OWNER = {
    "Google": """gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl _gac
        gs_l gs_lcp ga_source ga_medium ga_term ga_content ga_campaign ga_place""",
    "Facebook and Instagram": """fbclid fb_action_ids fb_action_types fb_ref fb_source fb_comment_id
        action_object_map action_type_map action_ref_map igshid igsh mibextid""",
    "other networks": """ttclid twclid li_fat_id epik scid_click rdt_cid sccid vd_source
        share_source share_medium share_plat share_session_id share_tag share_from
        isappinstalled __twitter_impression""",
    "other engines": """msclkid yclid ymclid ysclid _openstat guccounter guce_referrer
        guce_referrer_sig n_cid bd_vid hmsr hmpl hmcu hmkw hmci""",
    "HubSpot": """_hsenc _hsmi __hssc __hstc __hsfp hsctatracking hsa_acc hsa_cam hsa_grp hsa_ad
        hsa_src hsa_tgt hsa_kw hsa_mt hsa_net hsa_ver""",
    "mailings": """mc_cid mc_eid mc_tc mkt_tok vero_id vero_conv _kx _ke ml_subscriber
        ml_subscriber_hash __s _bhlid oly_anon_id oly_enc_id ck_subscriber_id sc_cid rb_clickid
        wickedid elqtrack elqtrackid elqaid elqat dm_i trk_contact trk_msg trk_module trk_sid mkwid
        pcrid bsft_clkid bsft_eid bsft_uid bsft_mid _cio_id inf_contact_key sms_click sms_source
        sms_uph unicorn_click_id vgo_ee""",
    "shops and affiliates": """clickid irclickid irgwc _branch_match_id _branch_referrer cjevent
        cjdata awc zanpid tduid ranmid raneaid ransiteid afftrack ceneo_spo ceneo_cid dicbo
        obclickid outbrainclickid tblci tbclickid aftr_source os_ehash admitad_uid
        mindbox-click-id""",
    "analytics": """at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4
        at_recipient_id at_recipient_list at_link_id at_link_type at_link_origin at_format
        at_ptr_name xtor wt_mc wt_zmc wtmc wtzmc wtrid wt.mc_id itm_source itm_medium itm_campaign
        itm_content itm_term itm_channel itm_audience ns_source ns_mchannel ns_campaign ns_linkname
        ns_fee spm spss scm_id mtr_dfp_uid echobox tracking_source traffic_source campaign_id
        campaign_source campaign_medium campaign_name campaign_content campaign_term""",
    "publishers": """ncid ocid cmpid smid smtyp s_cid ito wprov sr_share commtag rss_campaign
        feed_campaign __readwiselocation""",
}
NAMES = frozenset(name for names in _BY_OWNER.values() for name in names.split())
"""In lower case."""

PREFIXES = (
    "utm_",
    "mtm_",
    "matomo_",
    "pk_",
    "piwik_",
    "hmb_",
    "otm_",
    "stm_",
    "mkt_",
    "fb_action_",
)
"""Beginnings of names that no program chooses pages by."""

_FEED = re.compile(r"(?:rss|atom|feed)(?:[-_.].*|\d*(?:\.xml)?|burner|ly|reader)?", re.IGNORECASE)
TELLING = {
    "ref": _FEED,
    "source": _FEED,
    "src": _FEED,
    "from": re.compile(
        r"(?:rss|feed|timeline|singlemessage|groupmessage)(?:[-_].*)?", re.IGNORECASE
    ),
    "cmp": re.compile(r"(?:rss|feed|share|twt|fb|soc|ema)(?:[-_:].*)?", re.IGNORECASE),
    "rss": re.compile(r"(?:1|yes|true|rss)?", re.IGNORECASE),
    "feature": re.compile(
        r"youtu\.be|share[a-z]*|emb_\w+|youtube_gdata(?:_player)?", re.IGNORECASE
    ),
    "partner": _FEED,
    "ref_src": re.compile(r"twsrc\S*", re.IGNORECASE),
    "mod": re.compile(r"rss\w*", re.IGNORECASE),
}
"""Names that choose pages on some sites, with the values that choose none on any."""

SESSIONS = frozenset(
    {"phpsessid", "jsessionid", "sessionid", "aspsessionid", "osessionid", "cfid", "cftoken"}
)
SESSION_VALUE = re.compile(r"[0-9a-f]{16,64}", re.IGNORECASE)
"""What "sid" and "s" hold where they are a session and not the number of a story."""
