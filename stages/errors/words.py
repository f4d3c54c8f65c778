"""The words that errors are made with: nouns that are counted, regular verbs, words of grammar.

A word stands here only if it is one thing: `access` is no noun to count, and `map` no verb.
"""

import re


def listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


SINGULAR = listed(
    """
    account address administrator algorithm alias allocation application argument array attribute
    backend backup boolean browser button cell certificate change character check checkbox class
    client cluster collection column comment component configuration connection constraint
    container cookie credential database date definition deployment description device dictionary
    directory disk document domain driver element endpoint entry environment event exception
    expression extension feature field file filter firewall flavor folder format function gateway
    group handle hash heading host hostname identifier image instance integer interface item job
    kernel key keyword language limit line link list location mapping member menu message method
    minute module monitor name network node notebook notification number object operation operator
    option page parameter partition password path pattern period permission placeholder plugin
    policy pool port prefix problem process profile project property protocol provider range reason
    redirect reference region relation replica repository request resource response role router
    row rule sample scheduler schema script second secret section selector sequence server service
    session setting site size snapshot source stack step string subnet suffix system tab table
    task template tenant terminal theme title token tool tunnel type url user username value
    variable vendor version view volume widget window word workbook workflow workspace zone
    """
)

# Of these there can also be some, without an article
UNCOUNTED_TOO = listed(
    """
    allocation backup change configuration connection constraint deployment description export
    filter format function identifier language location notification operation permission
    process redirect service text
    """
)

# Regular ones that are hardly anything else; a base form that is a noun too is in EITHER.
VERBS = listed(
    """
    accept activate add adjust affect allocate allow appear apply approve assign associate assume
    attach authenticate authorize avoid belong cancel collect compare complete configure confirm
    connect contain continue convert create customize decide decrypt define delete deny deploy
    describe detach determine differ disable disallow disappear discard disconnect display
    distinguish download edit enable encrypt ensure enter evacuate evaluate exceed execute exist
    expand expire export extend fail follow generate happen identify ignore implement import
    include indicate initialize insert inspect install invoke join launch listen load locate lock
    manage match merge migrate modify move navigate need obtain occur open organize perform
    permit prepare preserve prevent proceed produce prompt protect provide publish receive
    recognize recommend refer register reject release remain remove rename render replace
    replicate represent require resize resolve restart restore restrict retain retrieve return
    save select separate serialize share skip specify start stop submit succeed supply support
    suspend terminate treat trigger unmanage update upload use validate verify wait want
    """
)
EITHER = listed(
    """
    display download edit export import launch load lock match move need prompt release return
    save share start stop supply support trigger update upload use wait want release
    """
)
DOUBLED = {"stop", "skip", "permit", "submit", "occur", "refer", "plan", "drop", "set"}

MASS = listed(
    "access advice authentication bandwidth content documentation encryption equipment feedback "
    "hardware information knowledge metadata software traffic"
)

GRAMMAR = listed(
    """
    a an the this that these those each every another any all both some no either neither its
    their your our his her my such
    of to in for on with by from at as into than through between during within without about
    after before until over under via per across against among behind
    and or but nor if when while whether because since so unless once where which who whose what
    how why then
    i you he she it we they them us him me there
    is are was were be been being am has have had do does did will would can could may might must
    shall should cannot can't don't doesn't isn't aren't won't
    prior not only also already currently automatically now here again successfully
    """
)
FINITE = listed(
    """
    is are was were has have had do does did will would can could may might must shall should
    cannot can't don't doesn't isn't aren't won't please
    """
)


def plural(noun: str) -> str:
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def third(verb: str) -> str:
    """he, she, it …"""
    return plural(verb)


def past(verb: str) -> str:
    return _stem(verb) + "ed"


def ongoing(verb: str) -> str:
    return (verb if verb.endswith("y") else _stem(verb)) + "ing"


def _stem(verb: str) -> str:
    if verb in DOUBLED:
        return verb + verb[-1]
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "i"
    return verb.removesuffix("e")


# Some nouns are a verb's form as well (changes, limits): a phrase may end before it
NUMBER = {plural(noun): "plural" for noun in SINGULAR} | dict.fromkeys(SINGULAR, "singular")
PAST = {past(verb): verb for verb in VERBS}
THIRD = {third(verb): verb for verb in VERBS if verb not in SINGULAR}
