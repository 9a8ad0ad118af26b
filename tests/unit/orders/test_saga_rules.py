"""The saga's table, over all states and all facts."""

from collections import deque
from itertools import product

import pytest

from orders.lifecycle.rules import (
    TRANSITIONS,
    UNWRITTEN,
    Action,
    Fact,
    decide,
    first_action,
)
from orders.lifecycle.states import FINAL, Phase, Reason, State, Status, Step

START = State(Status.PENDING, Step.PLACED)

FOUND_BY: dict[Action, set[Fact]] = {
    Action.HOLD: {Fact.STOCK_HELD, Fact.STOCK_SHORT, Fact.HOLD_ENDED},
    Action.OPEN_PAYMENT: {
        Fact.NOTHING_TO_PAY,
        Fact.PAYMENT_OPEN,
        Fact.PAYMENT_REFUSED,
        Fact.PAYMENT_DEAD,
        Fact.MONEY_AUTHORIZED,
        Fact.MONEY_CAPTURED,
        Fact.MONEY_RETURNED,
    },
    Action.ASK_PAYMENT: {
        Fact.NOTHING_TO_PAY,
        Fact.PAYMENT_OPEN,
        Fact.PAYMENT_DEAD,
        Fact.MONEY_AUTHORIZED,
        Fact.MONEY_CAPTURED,
        Fact.MONEY_RETURNED,
    },
    Action.ALLOCATE: {Fact.STOCK_ALLOCATED, Fact.STOCK_SHORT},
    Action.CAPTURE: {Fact.NOTHING_TO_PAY, Fact.MONEY_CAPTURED, Fact.CAPTURE_DECLINED, Fact.MONEY_RETURNED},
    Action.CLEAR_CART: {Fact.CART_CLEARED},
    Action.CLOSE_UNPAID: {
        Fact.PAYMENT_CLOSED,
        Fact.MONEY_AUTHORIZED,
        Fact.MONEY_CAPTURED,
        Fact.MONEY_RETURNED,
    },
    Action.CLOSE_PAYMENT: {Fact.PAYMENT_CLOSED, Fact.MONEY_CAPTURED, Fact.MONEY_RETURNED},
    Action.RETURN_MONEY: {Fact.MONEY_RETURNED},
    Action.RELEASE: {Fact.STOCK_RELEASED},
}
"""What each action may find (`orders.lifecycle.effects`)."""

DEMANDS = (Fact.DEADLINE_PASSED, Fact.CANCELED_BY_CUSTOMER, Fact.CANCELED_BY_STAFF)


def _all_states() -> list[State]:
    return [State(*each) for each in product(Status, Step, (None, *Reason))]


def _reachable() -> dict[State, set[Action | None]]:
    """Every state the saga can come to, with the actions it may be about to try there."""
    seen: dict[State, set[Action | None]] = {START: {first_action(START)}}
    waiting: deque[tuple[State, Action | None]] = deque([(START, first_action(START))])

    def _note(state: State, action: Action | None) -> None:
        for each in {action, first_action(state)}:
            if each not in seen.setdefault(state, set()):
                seen[state].add(each)
                waiting.append((state, each))

    while waiting:
        state, action = waiting.popleft()
        for fact in (*(FOUND_BY[action] if action else ()), *DEMANDS):
            after, move = decide(state, fact)
            _note(after, move.action)
    return seen


def test_final_states_have_no_exits() -> None:
    for state in _all_states():
        if state.status in (Status.FAILED, Status.EXPIRED, Status.CANCELED):
            assert {decide(state, fact)[0] for fact in Fact} == {state}


def test_every_state_and_fact_gives_a_state_of_the_table() -> None:
    for state, fact in product(_reachable(), Fact):
        after, move = decide(state, fact)
        assert after == state or (state.phase, fact) in TRANSITIONS
        assert after.phase is move.to


def test_deciding_twice_changes_nothing_more() -> None:
    """A repeated fact finds its effect done: it leads nowhere else than it led."""
    for state, fact in product(_reachable(), Fact):
        once, _ = decide(state, fact)
        twice, _ = decide(once, fact)
        assert twice == once or fact in FOUND_BY[first_action(once)] or fact in DEMANDS


def test_stock_is_released_only_when_the_payment_door_is_shut() -> None:
    shut = {Fact.PAYMENT_CLOSED, Fact.MONEY_RETURNED}
    assert {fact for (_, fact), move in TRANSITIONS.items() if move.action is Action.RELEASE} == shut
    assert all(first_action(state) is not Action.RELEASE for state in _all_states())


def test_capture_comes_only_after_the_stock_is_allocated() -> None:
    leading = {fact for (_, fact), move in TRANSITIONS.items() if move.action is Action.CAPTURE}
    assert leading == {Fact.STOCK_ALLOCATED}


def test_only_released_stock_ends_an_order_that_held_some() -> None:
    for (phase, fact), move in TRANSITIONS.items():
        if move.to in FINAL and phase not in FINAL:
            assert fact is Fact.STOCK_RELEASED or (phase, fact) == (Phase.PLACED, Fact.STOCK_SHORT)


def test_confirmed_means_authorized_and_allocated() -> None:
    """The only ways into `confirmed` are allocations of orders whose money is authorized."""
    into = {
        phase
        for (phase, _), move in TRANSITIONS.items()
        if move.to is Phase.ALLOCATED and phase is not Phase.ALLOCATED
    }
    assert into == {Phase.AUTHORIZED, Phase.PAID_LATE}
    assert decide(State(Status.PENDING, Step.AUTHORIZED), Fact.STOCK_ALLOCATED)[0].status is Status.CONFIRMED


def test_every_reachable_state_can_still_end() -> None:
    """From everywhere some sequence of facts leads to rest: nothing is a dead end."""
    reachable = _reachable()
    resting = FINAL | {Phase.CLOSED}
    for state in reachable:
        seen, waiting = {state}, deque([state])
        while waiting and not any(each.phase in resting for each in seen):
            current = waiting.popleft()
            for fact in Fact:
                after, _ = decide(current, fact)
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        assert any(each.phase in resting for each in seen), state


def test_reachable_phases_are_all_but_completed() -> None:
    assert {state.phase for state in _reachable()} == set(Phase) - {Phase.COMPLETED}


def test_status_moves_are_those_of_the_domain() -> None:
    allowed = {
        (Status.PENDING, Status.CONFIRMED),
        (Status.PENDING, Status.FAILED),
        (Status.PENDING, Status.CANCELING),
        (Status.CONFIRMED, Status.CANCELING),
        (Status.CANCELING, Status.CANCELED),
        (Status.CANCELING, Status.EXPIRED),
        (Status.CANCELING, Status.CONFIRMED),
    }
    moves = {(state.status, decide(state, fact)[0].status) for state, fact in product(_reachable(), Fact)}
    assert {move for move in moves if move[0] is not move[1]} == allowed


def test_a_deadline_never_stops_an_order_whose_money_has_come() -> None:
    for step in (Step.AUTHORIZED, Step.ALLOCATED, Step.CAPTURED, Step.CLOSED):
        status = Status.PENDING if step is Step.AUTHORIZED else Status.CONFIRMED
        state = State(status, step)
        assert decide(state, Fact.DEADLINE_PASSED)[0] == state


def test_a_reason_is_kept_to_the_end_and_forgotten_when_the_order_lives_on() -> None:
    timing_out, _ = decide(State(Status.PENDING, Step.AWAITING_PAYMENT), Fact.DEADLINE_PASSED)
    assert timing_out.reason is Reason.DEADLINE
    late, _ = decide(timing_out, Fact.MONEY_AUTHORIZED)
    assert (late.status, late.step, late.reason) == (Status.CANCELING, Step.AUTHORIZED, Reason.DEADLINE)
    assert decide(late, Fact.STOCK_ALLOCATED)[0] == State(Status.CONFIRMED, Step.ALLOCATED)
    assert decide(late, Fact.STOCK_SHORT)[0].reason is Reason.STOCK_UNAVAILABLE
    assert decide(timing_out, Fact.CANCELED_BY_CUSTOMER)[0].reason is Reason.CUSTOMER
    assert decide(timing_out, Fact.STOCK_RELEASED)[0].reason is Reason.DEADLINE


def test_only_two_phases_may_stay_unwritten() -> None:
    assert {Phase.HELD, Phase.ALLOCATED} == UNWRITTEN


@pytest.mark.parametrize("phase", sorted(FINAL))
def test_money_that_comes_after_the_end_is_given_back(phase: Phase) -> None:
    state = State(Status(phase.value), Step.AWAITING_PAYMENT, Reason.DEADLINE)
    assert decide(state, Fact.MONEY_AUTHORIZED)[1].action is Action.CLOSE_PAYMENT
    assert decide(state, Fact.MONEY_CAPTURED)[1].action is Action.RETURN_MONEY
    assert decide(state, Fact.PAYMENT_OPEN)[1].action is Action.CLOSE_PAYMENT
