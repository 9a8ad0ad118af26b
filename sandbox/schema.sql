-- The provider's whole memory. Times are whole seconds of the provider's clock, amounts minor units.
-- A list is newest first, by rowid: the order in which things were written.

CREATE TABLE setting (name text PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE session (
    id text NOT NULL UNIQUE,
    status text NOT NULL CHECK (status IN ('open', 'complete', 'expired')),
    amount_total integer NOT NULL CHECK (amount_total > 0),
    currency text NOT NULL,
    line_items text NOT NULL,
    capture_method text NOT NULL CHECK (capture_method IN ('automatic', 'manual')),
    success_url text NOT NULL,
    cancel_url text,
    customer_email text,
    client_reference_id text,
    locale text,
    metadata text NOT NULL,
    intent_metadata text NOT NULL,
    intent_description text,
    payment_intent text UNIQUE,
    created integer NOT NULL,
    expires_at integer NOT NULL,
    CHECK (status <> 'complete' OR payment_intent IS NOT NULL)
);
CREATE INDEX session_open ON session (expires_at) WHERE status = 'open';

CREATE TABLE intent (
    id text NOT NULL UNIQUE,
    status text NOT NULL CHECK (status IN ('requires_payment_method', 'requires_confirmation', 'requires_action',
                                           'requires_capture', 'succeeded', 'canceled')),
    amount integer NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    capture_method text NOT NULL CHECK (capture_method IN ('automatic', 'manual')),
    amount_capturable integer NOT NULL CHECK (amount_capturable BETWEEN 0 AND amount),
    amount_received integer NOT NULL CHECK (amount_received BETWEEN 0 AND amount),
    description text,
    receipt_email text,
    metadata text NOT NULL,
    session text,
    payment_method text,
    card text,
    return_url text,
    last_payment_error text,
    latest_charge text,
    capture_before integer,
    cancellation_reason text,
    canceled_at integer,
    created integer NOT NULL,
    CHECK ((status = 'requires_capture') = (amount_capturable > 0)),
    CHECK ((status = 'succeeded') = (amount_received > 0))
);
CREATE INDEX intent_uncaptured ON intent (capture_before) WHERE status = 'requires_capture';

CREATE TABLE charge (
    id text NOT NULL UNIQUE,
    payment_intent text NOT NULL REFERENCES intent (id),
    status text NOT NULL CHECK (status IN ('succeeded', 'failed')),
    amount integer NOT NULL,
    amount_captured integer NOT NULL CHECK (amount_captured BETWEEN 0 AND amount),
    amount_refunded integer NOT NULL CHECK (amount_refunded BETWEEN 0 AND amount_captured),
    currency text NOT NULL,
    captured integer NOT NULL,
    description text,
    metadata text NOT NULL,
    payment_method text NOT NULL,
    brand text NOT NULL,
    last4 text NOT NULL CHECK (length(last4) = 4),
    authenticated integer NOT NULL,
    failure_code text,
    decline_code text,
    failure_message text,
    balance_transaction text,
    created integer NOT NULL
);
CREATE INDEX charge_of_intent ON charge (payment_intent);

CREATE TABLE refund (
    id text NOT NULL UNIQUE,
    payment_intent text NOT NULL REFERENCES intent (id),
    charge text NOT NULL REFERENCES charge (id),
    status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
    amount integer NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    reason text,
    metadata text NOT NULL,
    balance_transaction text,
    failure_reason text,
    created integer NOT NULL
);
CREATE INDEX refund_of_intent ON refund (payment_intent);

CREATE TABLE balance_transaction (
    id text NOT NULL UNIQUE,
    type text NOT NULL CHECK (type IN ('charge', 'refund')),
    amount integer NOT NULL,
    currency text NOT NULL,
    source text NOT NULL,
    created integer NOT NULL
);

CREATE TABLE event (
    id text NOT NULL UNIQUE,
    type text NOT NULL,
    object_id text NOT NULL,
    object text NOT NULL,
    request_id text,
    idempotency_key text,
    sent integer NOT NULL,
    created integer NOT NULL
);

CREATE TABLE delivery (
    event text PRIMARY KEY REFERENCES event (id),
    state text NOT NULL CHECK (state IN ('pending', 'delivered', 'given_up')),
    attempts integer NOT NULL,
    next_at real NOT NULL,
    give_up_at real NOT NULL,
    last_status integer,
    last_error text,
    delivered_at integer
);
CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'pending';

CREATE TABLE idempotency_key (
    key text PRIMARY KEY,
    fingerprint text NOT NULL,
    status integer NOT NULL,
    body blob NOT NULL,
    request_id text NOT NULL,
    created integer NOT NULL
) WITHOUT ROWID;
CREATE INDEX idempotency_key_age ON idempotency_key (created);
