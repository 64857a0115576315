"""What the acts of the trail are called, for those in charge who read it.

Rooms record acts by a short name; here each has its words. One that has none yet is shown as it is
recorded, so that nothing is ever hidden.
"""

from flask_babel import gettext, lazy_gettext

WORDS = {
    # accounts
    "add_passkey": lazy_gettext("Add a passkey"),
    "change_name": lazy_gettext("Change a name"),
    "claim_taken_person": lazy_gettext("Refuse a person who is confirmed already"),
    "confirm_address": lazy_gettext("Confirm an e-mail address"),
    "confirm_residency": lazy_gettext("Confirm that somebody lives here"),
    "create_account": lazy_gettext("Create an account"),
    "forget_account": lazy_gettext("Erase an account"),
    "give_role": lazy_gettext("Give a role"),
    "lock_second_factor": lazy_gettext("Lock a second factor after wrong codes"),
    "lock_verification": lazy_gettext("Lock a way to be verified after wrong tries"),
    "make_recovery_codes": lazy_gettext("Make recovery codes"),
    "move_residency": lazy_gettext("Note that somebody has moved"),
    "remove_code_app": lazy_gettext("Remove a code app"),
    "remove_passkey": lazy_gettext("Remove a passkey"),
    "reset_second_factor": lazy_gettext("Reset a second factor"),
    "set_up_code_app": lazy_gettext("Set a code app up"),
    "set_password": lazy_gettext("Set a password"),
    "take_back_residency": lazy_gettext("Take back that somebody lives here"),
    "take_role": lazy_gettext("Take a role away"),
    "use_recovery_code": lazy_gettext("Use a recovery code"),
    # rounds and their ballots
    "add_district": lazy_gettext("Add a district"),
    "add_pot": lazy_gettext("Add a pot"),
    "announce_round": lazy_gettext("Announce a round"),
    "change_answers": lazy_gettext("Change the answers of a question"),
    "change_contest": lazy_gettext("Change the settings of a ballot"),
    "change_district": lazy_gettext("Change a district"),
    "change_frozen_rule": lazy_gettext("Change a rule while people vote"),
    "change_pot": lazy_gettext("Change a pot"),
    "change_round": lazy_gettext("Change a round"),
    "create_contest": lazy_gettext("Create a ballot"),
    "create_round": lazy_gettext("Create a round"),
    "discard_round": lazy_gettext("Discard a round"),
    "extend_voting": lazy_gettext("Extend the voting"),
    "hand_over": lazy_gettext("Put proposals on the ballot paper"),
    "import_ballots": lazy_gettext("Import ballots of the past"),
    "import_proposals": lazy_gettext("Import proposals of the past"),
    "remove_contest": lazy_gettext("Remove a ballot"),
    "remove_pot": lazy_gettext("Remove a pot"),
    "set_calendar": lazy_gettext("Set the calendar"),
    "set_categories": lazy_gettext("Set the themes"),
    "set_districts": lazy_gettext("Set for which districts people vote"),
    "set_language": lazy_gettext("Set the language of a round"),
    "set_objection_days": lazy_gettext("Set the days for objections"),
    "withdraw_option": lazy_gettext("Withdraw an option while people vote"),
    # the roll, letters and paper
    "agree_to_settlement": lazy_gettext("Agree on how a paper is read"),
    "approve_paper_batch": lazy_gettext("Approve a batch of papers"),
    "change_paper_batch": lazy_gettext("Change the numbers of a batch of papers"),
    "discard_register": lazy_gettext("Discard a file of the register"),
    "enter_register": lazy_gettext("Enter the register on the roll"),
    "give_code_at_desk": lazy_gettext("Give a voting code at the desk"),
    "give_papers": lazy_gettext("Give papers to a voter"),
    "go_on_keying": lazy_gettext("Go on keying a batch of papers"),
    "open_paper_batch": lazy_gettext("Open a batch of papers"),
    "post_letters": lazy_gettext("Post letters with codes"),
    "print_letters": lazy_gettext("Print letters with codes"),
    "put_paper_in_box": lazy_gettext("Put paper ballots into the box"),
    "read_register": lazy_gettext("Read a file of the register"),
    "settle_paper": lazy_gettext("Settle how a paper is read"),
    "take_approval_back": lazy_gettext("Take the approval of a batch back"),
    "take_papers_back": lazy_gettext("Take papers back unused"),
    "void_letter": lazy_gettext("Void a letter"),
    # from closing to the result
    "certify_count": lazy_gettext("Certify a count"),
    "certify_counts": lazy_gettext("Certify counts"),
    "close_voting": lazy_gettext("Close the voting"),
    "count_contest": lazy_gettext("Count a ballot"),
    "destroy_link_key": lazy_gettext("Destroy a link key"),
    "destroy_link_keys": lazy_gettext("Destroy the link keys"),
    "order_publication": lazy_gettext("Order the publication"),
    "publish_results": lazy_gettext("Publish the results"),
    "read_anomaly_report": lazy_gettext("Read the report of what was unusual"),
    "seal_contest": lazy_gettext("Seal the ballots"),
    "stop_publication": lazy_gettext("Stop the publication: something differs"),
    "take_openings": lazy_gettext("Take the openings for an audit"),
    "withdraw_ballot": lazy_gettext("Take a ballot out after an objection"),
    # proposals, talk and meetings
    "cancel_meeting": lazy_gettext("Cancel a meeting"),
    "chosen": lazy_gettext("Publish that a proposal is funded"),
    "change_proposal": lazy_gettext("Change a proposal"),
    "decide_review": lazy_gettext("Decide whether a proposal can be done"),
    "discard_draft": lazy_gettext("Discard a draft"),
    "hide_by_moderator": lazy_gettext("Hide a post"),
    "keep_by_moderator": lazy_gettext("Leave a reported post as it is"),
    "lock_by_moderator": lazy_gettext("End the replies to a thread"),
    "not_chosen": lazy_gettext("Publish that a proposal is not funded"),
    "open_roundtable": lazy_gettext("Open a roundtable"),
    "open_thread": lazy_gettext("Open a thread"),
    "pin_by_moderator": lazy_gettext("Put a thread on top"),
    "plan_meeting": lazy_gettext("Plan a meeting"),
    "post_reply": lazy_gettext("Post a reply"),
    "publish_proposal": lazy_gettext("Publish a proposal"),
    "show_by_moderator": lazy_gettext("Show a hidden post again"),
    "unlock_by_moderator": lazy_gettext("Allow replies to a thread again"),
    "unpin_by_moderator": lazy_gettext("Let a thread go from the top"),
    "withdraw_proposal": lazy_gettext("Withdraw a proposal"),
    "write_proposal": lazy_gettext("Write a proposal"),
}


def act_in_words(act: str) -> str:
    """What this act is called; of acts of two people also who of both did what."""
    if act in WORDS:
        return str(WORDS[act])
    step, _, asked = act.partition("_")
    if asked in WORDS and step == "ask":
        return gettext("Asked for: %(act)s", act=WORDS[asked])
    if asked in WORDS and step == "confirm":
        return gettext("Confirmed as the second person: %(act)s", act=WORDS[asked])
    if asked in WORDS and step == "withdraw":
        return gettext("Request taken back: %(act)s", act=WORDS[asked])
    return act.replace("_", " ").capitalize()
