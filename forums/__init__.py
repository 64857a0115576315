"""Forums: where residents talk.

A *roundtable* is a moderated space with a question and a closing date; a *thread* is a topic in
it, or under a proposal; a *post* is any message, a *reply* a post with a parent. A moderator
*hides* a post (its tombstone stays) or *locks* a thread; each act stands in the public log.
"""
