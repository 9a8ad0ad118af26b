"""Every sentence of the pages in English and Russian. A missing one is a type error."""

from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `{…}` are filled in by the page models."""

    language: str
    title: str
    test_note: str
    back: str
    to_pay: str
    each: str
    pay_by_card: str
    receipt_to: str
    number: str
    expiry: str
    cvc: str
    pay: str
    private: str
    test_cards: str
    test_cards_note: str
    meanings: dict[str, str]
    """Test card → what happens with it."""
    reasons: dict[str, str]
    """Decline code → why the payment was not made, kindly."""
    number_unknown: str
    number_wrong: str
    expiry_wrong: str
    expiry_past: str
    cvc_wrong: str
    bank_title: str
    bank_eyebrow: str
    bank_question: str
    bank_note: str
    approve: str
    refuse: str
    expired_title: str
    expired_text: str
    unknown_title: str
    unknown_text: str
    foreign_title: str
    foreign_text: str
    done_title: str
    done_text: str


ENGLISH = Words(
    language="en",
    title="Pay {shop}",
    test_note="Test payment · no real money moves",
    back="Back to the shop",
    to_pay="To pay",
    each="{quantity} × {price}",
    pay_by_card="Pay by card",
    receipt_to="Receipt to",
    number="Card number",
    expiry="Expires (MM / YY)",
    cvc="Security code",
    pay="Pay {amount}",
    private="The shop never sees your card number.",
    test_cards="Test cards",
    test_cards_note="Choose one to fill in the form.",
    meanings={
        "visa": "Accepted",
        "authentication": "The bank asks first",
        "declined": "Declined",
        "insufficient_funds": "Not enough money",
        "expired": "Expired card",
        "lost": "Reported lost",
    },
    reasons={
        "generic_decline": "Your bank declined this card. Nothing was charged. Try another card, or ask your bank why.",
        "insufficient_funds": "There is not enough money on this card. Nothing was charged. Try another card.",
        "expired_card": "This card has expired. Nothing was charged. Try another card.",
        "lost_card": "Your bank does not allow payments with this card. Nothing was charged. Try another card.",
        "incorrect_cvc": "The security code does not match this card. Nothing was charged. Check it and try again.",
        "processing_error": "Something went wrong on the way to your bank. Nothing was charged. Try again in a minute.",
        "payment_intent_authentication_failure": "The payment was not confirmed with your bank. Nothing was charged. Try again, or use another card.",
    },
    number_unknown="This is a test page: please use one of the test cards below.",
    number_wrong="Check the card number.",
    expiry_wrong="Enter month and year, for example 12 / 34.",
    expiry_past="This date has passed.",
    cvc_wrong="Enter the 3 or 4 digits.",
    bank_title="Is this you?",
    bank_eyebrow="Your bank",
    bank_question="{shop} asks for {amount} from your card ending in {last4}.",
    bank_note="This stands for the 3-D Secure page of the cardholder’s bank.",
    approve="Approve",
    refuse="Refuse",
    expired_title="The time to pay is over",
    expired_text="Nothing was charged. Go back to the shop to start again.",
    unknown_title="There is no such payment",
    unknown_text="The address may be incomplete. Nothing was charged.",
    foreign_title="This form came from another site",
    foreign_text="For your safety nothing was done. Open the payment page from the shop again.",
    done_title="Thank you",
    done_text="You may close this page.",
)

RUSSIAN = Words(
    language="ru",
    title="Оплата: {shop}",
    test_note="Тестовая оплата · деньги не списываются",
    back="Вернуться в магазин",
    to_pay="К оплате",
    each="{quantity} × {price}",
    pay_by_card="Оплата картой",
    receipt_to="Чек придёт на",
    number="Номер карты",
    expiry="Срок (ММ / ГГ)",
    cvc="Код безопасности",
    pay="Заплатить {amount}",
    private="Магазин не видит номер вашей карты.",
    test_cards="Тестовые карты",
    test_cards_note="Выберите карту — форма заполнится.",
    meanings={
        "visa": "Оплата пройдёт",
        "authentication": "Банк спросит",
        "declined": "Отказ банка",
        "insufficient_funds": "Не хватит денег",
        "expired": "Срок карты истёк",
        "lost": "Карта утеряна",
    },
    reasons={
        "generic_decline": "Банк отклонил эту карту. Деньги не списаны. Попробуйте другую карту или узнайте причину в банке.",
        "insufficient_funds": "На карте недостаточно денег. Ничего не списано. Попробуйте другую карту.",
        "expired_card": "Срок действия карты истёк. Деньги не списаны. Попробуйте другую карту.",
        "lost_card": "Банк не разрешает платить этой картой. Деньги не списаны. Попробуйте другую карту.",
        "incorrect_cvc": "Код безопасности не подходит к карте. Деньги не списаны. Проверьте код и попробуйте ещё раз.",
        "processing_error": "Связь с банком прервалась. Деньги не списаны. Попробуйте ещё раз через минуту.",
        "payment_intent_authentication_failure": "Платёж не подтверждён в банке. Деньги не списаны. Попробуйте ещё раз или возьмите другую карту.",
    },
    number_unknown="Это тестовая страница: возьмите одну из тестовых карт ниже.",
    number_wrong="Проверьте номер карты.",
    expiry_wrong="Укажите месяц и год, например 12 / 34.",
    expiry_past="Этот срок уже прошёл.",
    cvc_wrong="Введите 3 или 4 цифры.",
    bank_title="Это вы платите?",
    bank_eyebrow="Ваш банк",
    bank_question="{shop} просит {amount} с вашей карты, последние цифры {last4}.",
    bank_note="Так выглядит страница 3-D Secure банка, выпустившего карту.",
    approve="Подтвердить",
    refuse="Отказаться",
    expired_title="Время для оплаты вышло",
    expired_text="Деньги не списаны. Вернитесь в магазин и начните заново.",
    unknown_title="Такого платежа нет",
    unknown_text="Возможно, адрес скопирован не полностью. Деньги не списаны.",
    foreign_title="Форма отправлена с другого сайта",
    foreign_text="Для вашей безопасности мы ничего не сделали. Откройте страницу оплаты из магазина ещё раз.",
    done_title="Спасибо",
    done_text="Эту страницу можно закрыть.",
)

LANGUAGES = {words.language: words for words in (ENGLISH, RUSSIAN)}


def words_for(request: Request, locale: str | None) -> Words:
    """The language of the session's locale, else the one the browser likes best, else English."""
    if locale and locale != "auto":
        return LANGUAGES.get(locale.partition("-")[0].lower(), ENGLISH)
    liked = sorted(_liked(request.headers.get("accept-language", "")), key=lambda entry: -entry[1])
    return next((LANGUAGES[language] for language, _ in liked if language in LANGUAGES), ENGLISH)


def _liked(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            found.append((tag.partition("-")[0].lower(), weight))
    return found
