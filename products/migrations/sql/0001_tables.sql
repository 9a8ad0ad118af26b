CREATE TABLE categories (
  id UUID DEFAULT uuidv7() NOT NULL,
  parent_id UUID,
  slug TEXT NOT NULL,
  names JSONB NOT NULL,
  position BIGINT DEFAULT 0 NOT NULL,
  CONSTRAINT pk_categories PRIMARY KEY (id),
  CONSTRAINT ck_categories_named_in_english CHECK (names ? 'en'),
  CONSTRAINT ck_categories_not_its_own_parent CHECK (parent_id <> id),
  CONSTRAINT fk_categories_parent_id_categories FOREIGN KEY(parent_id) REFERENCES categories (id),
  CONSTRAINT uq_categories_slug UNIQUE (slug)
);
CREATE INDEX ix_categories_parent_id ON categories (parent_id);
CREATE TABLE idempotency_keys (
  scope BYTEA NOT NULL,
  fingerprint BYTEA NOT NULL,
  status SMALLINT,
  body BYTEA,
  headers JSONB,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (scope)
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
CREATE TABLE options (
  code TEXT NOT NULL,
  labels JSONB NOT NULL,
  CONSTRAINT pk_options PRIMARY KEY (code),
  CONSTRAINT ck_options_labelled_in_english CHECK (labels ? 'en')
);
CREATE TABLE reservations (
  order_id UUID NOT NULL,
  state TEXT NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE,
  body_hash BYTEA,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_reservations PRIMARY KEY (order_id),
  CONSTRAINT ck_reservations_known_state CHECK (state IN ('held', 'allocated', 'released', 'expired', 'fulfilled')),
  CONSTRAINT ck_reservations_held_until CHECK (state = 'released' OR expires_at IS NOT NULL)
)
 WITH (fillfactor = 80);
CREATE INDEX ix_reservations_expiry ON reservations (expires_at) WHERE state = 'held';
CREATE TABLE option_values (
  option_code TEXT NOT NULL,
  code TEXT NOT NULL,
  labels JSONB NOT NULL,
  position BIGINT DEFAULT 0 NOT NULL,
  CONSTRAINT pk_option_values PRIMARY KEY (option_code, code),
  CONSTRAINT ck_option_values_labelled_in_english CHECK (labels ? 'en'),
  CONSTRAINT fk_option_values_option_code_options FOREIGN KEY(option_code) REFERENCES options (code)
);
CREATE TABLE products (
  id UUID DEFAULT uuidv7() NOT NULL,
  slug TEXT NOT NULL,
  status TEXT DEFAULT 'active' NOT NULL,
  category_id UUID,
  brand TEXT,
  popularity BIGINT DEFAULT 0 NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_products PRIMARY KEY (id),
  CONSTRAINT ck_products_known_status CHECK (status IN ('draft', 'active', 'archived')),
  CONSTRAINT uq_products_slug UNIQUE (slug),
  CONSTRAINT fk_products_category_id_categories FOREIGN KEY(category_id) REFERENCES categories (id)
);
CREATE INDEX ix_products_category_id ON products (category_id);
CREATE TABLE listings (
  product_id UUID NOT NULL,
  currency CHAR(3) NOT NULL,
  status TEXT NOT NULL,
  slug TEXT NOT NULL,
  names JSONB NOT NULL,
  sku TEXT NOT NULL,
  price_amount BIGINT NOT NULL,
  compare_at_amount BIGINT,
  available BIGINT NOT NULL,
  backorder BOOLEAN NOT NULL,
  in_stock BOOLEAN GENERATED ALWAYS AS (available > 0 OR backorder) STORED NOT NULL,
  category_id UUID,
  image JSONB,
  popularity BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_listings PRIMARY KEY (product_id, currency),
  CONSTRAINT fk_listings_product_id_products FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE
)
 WITH (fillfactor = 80);
CREATE INDEX ix_listings_category ON listings (category_id, currency, status);
CREATE INDEX ix_listings_name_en ON listings (currency, status, sort_name(names, 'en'), product_id);
CREATE INDEX ix_listings_name_ru ON listings (currency, status, sort_name(names, 'ru'), product_id);
CREATE INDEX ix_listings_newest ON listings (currency, status, created_at DESC, product_id DESC);
CREATE INDEX ix_listings_popularity ON listings (currency, status, popularity DESC, product_id DESC);
CREATE INDEX ix_listings_price ON listings (currency, status, price_amount, product_id);
CREATE TABLE product_options (
  product_id UUID NOT NULL,
  option_code TEXT NOT NULL,
  position BIGINT NOT NULL,
  CONSTRAINT pk_product_options PRIMARY KEY (product_id, option_code),
  CONSTRAINT fk_product_options_product_id_products FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE,
  CONSTRAINT fk_product_options_option_code_options FOREIGN KEY(option_code) REFERENCES options (code)
);
CREATE INDEX ix_product_options_option_code ON product_options (option_code);
CREATE TABLE product_translations (
  product_id UUID NOT NULL,
  locale TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_product_translations PRIMARY KEY (product_id, locale),
  CONSTRAINT ck_product_translations_named CHECK (name <> ''),
  CONSTRAINT fk_product_translations_product_id_products FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE
);
CREATE TABLE search_documents (
  product_id UUID NOT NULL,
  document TSVECTOR NOT NULL,
  words TEXT NOT NULL,
  codes TEXT[] NOT NULL,
  CONSTRAINT pk_search_documents PRIMARY KEY (product_id),
  CONSTRAINT fk_search_documents_product_id_products FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE
);
CREATE INDEX ix_search_documents_codes ON search_documents USING gin (codes);
CREATE INDEX ix_search_documents_document ON search_documents USING gin (document);
CREATE INDEX ix_search_documents_words ON search_documents USING gin (words gin_trgm_ops);
CREATE TABLE variants (
  id UUID DEFAULT uuidv7() NOT NULL,
  product_id UUID NOT NULL,
  sku TEXT NOT NULL,
  barcode TEXT,
  status TEXT DEFAULT 'active' NOT NULL,
  tax_class TEXT DEFAULT 'standard' NOT NULL,
  weight_grams BIGINT,
  position BIGINT DEFAULT 0 NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_variants PRIMARY KEY (id),
  CONSTRAINT ck_variants_known_status CHECK (status IN ('active', 'archived')),
  CONSTRAINT ck_variants_weight_not_negative CHECK (weight_grams >= 0),
  CONSTRAINT fk_variants_product_id_products FOREIGN KEY(product_id) REFERENCES products (id)
);
CREATE INDEX ix_variants_barcode ON variants (barcode) WHERE barcode IS NOT NULL;
CREATE INDEX ix_variants_product_id ON variants (product_id, position);
CREATE INDEX ix_variants_sku ON variants (sku);
CREATE UNIQUE INDEX uq_variants_live_sku ON variants (sku) WHERE status = 'active';
CREATE TABLE pictures (
  id UUID DEFAULT uuidv7() NOT NULL,
  product_id UUID NOT NULL,
  variant_id UUID,
  position BIGINT DEFAULT 0 NOT NULL,
  url TEXT NOT NULL,
  alts JSONB DEFAULT '{}' NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  CONSTRAINT pk_pictures PRIMARY KEY (id),
  CONSTRAINT ck_pictures_has_a_size CHECK (width > 0 AND height > 0),
  CONSTRAINT fk_pictures_product_id_products FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE,
  CONSTRAINT fk_pictures_variant_id_variants FOREIGN KEY(variant_id) REFERENCES variants (id)
);
CREATE INDEX ix_pictures_product_id ON pictures (product_id, position);
CREATE INDEX ix_pictures_variant_id ON pictures (variant_id) WHERE variant_id IS NOT NULL;
CREATE TABLE prices (
  variant_id UUID NOT NULL,
  currency CHAR(3) NOT NULL,
  amount BIGINT NOT NULL,
  compare_at_amount BIGINT,
  CONSTRAINT pk_prices PRIMARY KEY (variant_id, currency),
  CONSTRAINT ck_prices_amount_not_negative CHECK (amount >= 0),
  CONSTRAINT ck_prices_compare_at_above_price CHECK (compare_at_amount > amount),
  CONSTRAINT fk_prices_variant_id_variants FOREIGN KEY(variant_id) REFERENCES variants (id) ON DELETE CASCADE
);
CREATE TABLE reservation_lines (
  order_id UUID NOT NULL,
  variant_id UUID NOT NULL,
  quantity BIGINT NOT NULL,
  fulfilled BIGINT DEFAULT 0 NOT NULL,
  CONSTRAINT pk_reservation_lines PRIMARY KEY (order_id, variant_id),
  CONSTRAINT ck_reservation_lines_quantity_positive CHECK (quantity > 0),
  CONSTRAINT ck_reservation_lines_fulfilled_within_quantity CHECK (fulfilled BETWEEN 0 AND quantity),
  CONSTRAINT fk_reservation_lines_order_id_reservations FOREIGN KEY(order_id) REFERENCES reservations (order_id),
  CONSTRAINT fk_reservation_lines_variant_id_variants FOREIGN KEY(variant_id) REFERENCES variants (id)
);
CREATE INDEX ix_reservation_lines_variant_id ON reservation_lines (variant_id);
CREATE TABLE stock (
  variant_id UUID NOT NULL,
  product_id UUID NOT NULL,
  on_hand BIGINT DEFAULT 0 NOT NULL,
  held BIGINT DEFAULT 0 NOT NULL,
  allocated BIGINT DEFAULT 0 NOT NULL,
  shortage BIGINT DEFAULT 0 NOT NULL,
  backorder BOOLEAN DEFAULT false NOT NULL,
  available BIGINT GENERATED ALWAYS AS (GREATEST(0, on_hand - held - allocated)) STORED NOT NULL,
  version BIGINT DEFAULT 0 NOT NULL,
  CONSTRAINT pk_stock PRIMARY KEY (variant_id),
  CONSTRAINT ck_stock_on_hand_not_negative CHECK (on_hand >= 0),
  CONSTRAINT ck_stock_held_not_negative CHECK (held >= 0),
  CONSTRAINT ck_stock_allocated_not_negative CHECK (allocated >= 0),
  CONSTRAINT ck_stock_shortage_not_negative CHECK (shortage >= 0),
  CONSTRAINT ck_stock_promises_covered CHECK (backorder OR held + allocated <= on_hand + shortage),
  CONSTRAINT fk_stock_variant_id_variants FOREIGN KEY(variant_id) REFERENCES variants (id),
  CONSTRAINT fk_stock_product_id_products FOREIGN KEY(product_id) REFERENCES products (id)
)
 WITH (fillfactor = 70);
CREATE INDEX ix_stock_product_id ON stock (product_id);
CREATE TABLE stock_movements (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  variant_id UUID NOT NULL,
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,
  cause_id UUID NOT NULL,
  actor TEXT DEFAULT '' NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  change_on_hand BIGINT NOT NULL,
  change_held BIGINT NOT NULL,
  change_allocated BIGINT NOT NULL,
  change_shortage BIGINT NOT NULL,
  on_hand_after BIGINT NOT NULL,
  held_after BIGINT NOT NULL,
  allocated_after BIGINT NOT NULL,
  shortage_after BIGINT NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_stock_movements PRIMARY KEY (id),
  CONSTRAINT ck_stock_movements_known_kind CHECK (kind IN ('initial', 'adjust', 'hold', 'release', 'expire', 'allocate', 'reallocate', 'deallocate', 'fulfill', 'return', 'policy')),
  CONSTRAINT ck_stock_movements_known_cause CHECK (cause IN ('product', 'staff', 'order', 'fulfillment', 'return', 'import')),
  CONSTRAINT uq_stock_movements_once UNIQUE (cause_id, variant_id, kind, cause),
  CONSTRAINT fk_stock_movements_variant_id_variants FOREIGN KEY(variant_id) REFERENCES variants (id)
);
CREATE INDEX ix_stock_movements_variant_id ON stock_movements (variant_id, id);
CREATE TABLE variant_values (
  variant_id UUID NOT NULL,
  option_code TEXT NOT NULL,
  value_code TEXT NOT NULL,
  CONSTRAINT pk_variant_values PRIMARY KEY (variant_id, option_code),
  CONSTRAINT fk_variant_values_option_code_value_code_option_values FOREIGN KEY(option_code, value_code) REFERENCES option_values (option_code, code),
  CONSTRAINT fk_variant_values_variant_id_variants FOREIGN KEY(variant_id) REFERENCES variants (id) ON DELETE CASCADE
);
CREATE INDEX ix_variant_values_value ON variant_values (option_code, value_code);
