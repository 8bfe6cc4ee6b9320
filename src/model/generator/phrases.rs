//! Phrases for generated data: names, streets and complaints in eight languages.

use rand::RngExt as _;
use rand::rngs::ChaCha8Rng;

use crate::model::IssueType;

/// Phrases of one language: an opening, details, a request, joined by spaces if the script uses them.
pub(super) struct Language {
    pub(super) name: &'static str,
    /// Percentage of customers.
    pub(super) weight: u32,
    space: &'static str,
    openings: &'static [&'static str],
    payment: &'static [&'static str],
    other: &'static [&'static str],
    wishes: &'static [&'static str],
}

/// Names of agents.
pub(super) const AGENTS: &[&str] = &["maria", "jonas", "aisha", "kenji", "lucia", "omar"];

/// Reasons that agents enter.
pub(super) const REASONS: &[&str] = &[
    "refunded",
    "no answer for a week",
    "settled on the phone",
    "duplicate",
    "driver confirmed",
    "sent to the partner",
];

/// Languages of customers.
pub(super) const LANGUAGES: &[Language] = &[
    Language {
        name: "en",
        weight: 40,
        space: " ",
        openings: &[
            "Hello,",
            "Good morning,",
            "I wrote to you last week already.",
            "Please help me.",
            "This is the second time.",
            "To whom it may concern,",
        ],
        payment: &[
            "my card was charged twice.",
            "the price was higher than the one I accepted.",
            "the refund has not arrived.",
            "a tip was added that I did not give.",
        ],
        other: &[
            "nobody came, and nobody answered the phone.",
            "we waited for more than an hour.",
            "the driver took a long way round.",
            "half of what we ordered was missing.",
            "the table we had booked was given to others.",
            "it was cancelled five minutes before.",
        ],
        wishes: &[
            "Please look into it.",
            "I would like my money back.",
            "What happens now?",
            "An answer today would be kind.",
            "Thank you.",
        ],
    },
    Language {
        name: "fr",
        weight: 10,
        space: " ",
        openings: &["Bonjour,", "Madame, Monsieur,", "Je vous écris pour la deuxième fois.", "Bonsoir,"],
        payment: &[
            "ma carte a été débitée deux fois.",
            "le prix n'est pas celui que j'avais accepté.",
            "le remboursement n'est toujours pas arrivé.",
        ],
        other: &[
            "personne n'est venu.",
            "nous avons attendu plus d'une heure.",
            "il manquait la moitié de la commande.",
            "la table avait été donnée à d'autres.",
        ],
        wishes: &["Merci de vérifier.", "Je souhaite être remboursé.", "Que faut-il faire ?"],
    },
    Language {
        name: "es",
        weight: 14,
        space: " ",
        openings: &["Hola:", "Buenos días:", "Les escribo por segunda vez.", "Por favor, ayúdenme."],
        payment: &["me cobraron dos veces.", "el precio no es el que acepté.", "la devolución no ha llegado."],
        other: &[
            "no vino nadie.",
            "esperamos más de una hora.",
            "faltaba la mitad del pedido.",
            "cancelaron cinco minutos antes.",
        ],
        wishes: &["Revísenlo, por favor.", "Quiero que me devuelvan el dinero.", "Gracias."],
    },
    Language {
        name: "pt",
        weight: 8,
        space: " ",
        openings: &["Olá,", "Bom dia,", "Escrevo pela segunda vez."],
        payment: &["fui cobrado duas vezes.", "o reembolso ainda não chegou.", "o valor não é o que aceitei."],
        other: &["ninguém apareceu.", "esperamos mais de uma hora.", "faltou metade do pedido."],
        wishes: &["Por favor, verifiquem.", "Quero meu dinheiro de volta.", "Obrigada."],
    },
    Language {
        name: "de",
        weight: 8,
        space: " ",
        openings: &["Guten MessageIdPrefix,", "Hallo,", "ich schreibe Ihnen zum zweiten Mal:"],
        payment: &[
            "meine Karte wurde zweimal belastet.",
            "die Erstattung ist noch nicht da.",
            "der Preis ist höher als vereinbart.",
        ],
        other: &[
            "es ist niemand gekommen.",
            "wir haben über eine Stunde gewartet.",
            "die Hälfte der Bestellung fehlte.",
            "unser Tisch war vergeben.",
        ],
        wishes: &["Bitte prüfen Sie das.", "Ich möchte mein Geld zurück.", "Vielen Dank."],
    },
    Language {
        name: "ar",
        weight: 6,
        space: " ",
        openings: &["مرحبًا،", "السلام عليكم،", "أكتب إليكم للمرة الثانية."],
        payment: &["خُصم المبلغ من بطاقتي مرتين.", "لم يصل المبلغ المسترد بعد.", "السعر أعلى مما وافقت عليه."],
        other: &["لم يأتِ أحد.", "انتظرنا أكثر من ساعة.", "نصف الطلب كان ناقصًا."],
        wishes: &["أرجو مراجعة الأمر.", "أريد استرداد المبلغ.", "شكرًا لكم."],
    },
    Language {
        name: "hi",
        weight: 7,
        space: " ",
        openings: &["नमस्ते,", "मैं दूसरी बार लिख रहा हूँ।", "कृपया मदद करें।"],
        payment: &["मेरे कार्ड से दो बार पैसे कटे।", "रिफ़ंड अब तक नहीं आया।", "किराया तय दाम से ज़्यादा था।"],
        other: &["कोई नहीं आया।", "हमने एक घंटे से ज़्यादा इंतज़ार किया।", "आधा ऑर्डर नहीं था।"],
        wishes: &["कृपया जाँच करें।", "मुझे पैसे वापस चाहिए।", "धन्यवाद।"],
    },
    Language {
        name: "zh",
        weight: 7,
        space: "",
        openings: &["您好，", "我已经是第二次联系你们了。", "请帮帮我，"],
        payment: &["我的卡被扣了两次款。", "退款还没有到账。", "价格比我确认的高。"],
        other: &["没有人来。", "我们等了一个多小时。", "订单少了一半。", "我们预订的桌子给了别人。"],
        wishes: &["请核实。", "我要求退款。", "谢谢。"],
    },
];

/// Generates a description of one to six sentences.
pub(super) fn description(rng: &mut ChaCha8Rng, language: usize, issue: IssueType) -> String {
    let language = &LANGUAGES[language];
    let details = if issue == IssueType::PaymentIssue { language.payment } else { language.other };
    let mut text = one(rng, language.openings).to_owned();
    for _ in 0..=rng.random_range(0..3) {
        text.push_str(language.space);
        text.push_str(one(rng, details));
    }
    if rng.random_ratio(2, 3) {
        text.push_str(language.space);
        text.push_str(one(rng, language.wishes));
    }
    if rng.random_ratio(1, 8) {
        text.push_str("\n\n");
        text.push_str(one(rng, language.other));
    }
    text
}

/// Generates a person's name.
pub(super) fn name(rng: &mut ChaCha8Rng) -> String {
    const FIRST: &[&str] = &[
        "Amina", "Mateo", "Grace", "Omar", "Lena", "Rafael", "Priya", "Wei", "Sofia", "Jonas", "Yusuf", "Chloé",
        "Aditi", "João", "Mei", "Layla",
    ];
    const LAST: &[&str] = &[
        "Diallo", "Herrera", "Okafor", "Haddad", "Vogel", "Souza", "Sharma", "Lin", "Rossi", "Berg", "Demir",
        "Laurent", "Rao", "Costa", "Chen", "Nasser",
    ];
    format!("{} {}", one(rng, FIRST), one(rng, LAST))
}

/// Generates a street with a number.
pub(super) fn street(rng: &mut ChaCha8Rng) -> String {
    const STREETS: &[&str] = &[
        "Main St",
        "Elm St",
        "Rue des Lilas",
        "Calle Mayor",
        "Hauptstraße",
        "Rua Augusta",
        "Park Avenue",
        "Station Road",
        "Harbour Way",
        "Airport Terminal",
        "Market Square",
        "High Street",
    ];
    format!("{} {}", rng.random_range(1..400), one(rng, STREETS))
}

/// Generates the name of a shop, kitchen or venue.
pub(super) fn merchant(rng: &mut ChaCha8Rng) -> String {
    const KINDS: &[&str] = &[
        "Noodle Bar",
        "Table 9",
        "Casa Verde",
        "Le Petit Four",
        "Spice Route",
        "Harbour Grill",
        "Green Bowl",
        "Old Mill",
        "Blue Door",
        "Corner Bakery",
    ];
    format!("{} No. {}", one(rng, KINDS), rng.random_range(1..200))
}

fn one<'w>(rng: &mut ChaCha8Rng, words: &[&'w str]) -> &'w str {
    words[rng.random_range(0..words.len())]
}
