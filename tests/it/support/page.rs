//! A page and its forms, as a browser without JavaScript sees them.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// An answer to a navigation.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it came from.
    pub url: Url,
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as text.
    pub body: String,
    /// The page that began the navigation; `None` for an address typed in.
    pub initiator: Option<Url>,
    /// What `Referrer-Policy` the page asks for.
    pub no_referrer: bool,
}

impl Page {
    /// A header as text; `None` when missing.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where a redirect points to, made absolute; `None` for anything else.
    pub fn location(&self) -> Option<Url> {
        let target = self.status.is_redirection().then(|| self.header("location")).flatten()?;
        self.url.join(target).ok()
    }

    /// Whether a person reads this text: tags do not count, runs of blanks are one.
    pub fn text_contains(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// Everything a person reads, runs of blanks as one.
    pub fn text(&self) -> String {
        let document = Html::parse_document(&self.body);
        let body = Selector::parse("body").expect("a selector");
        let words: Vec<String> = document.select(&body).flat_map(|element| element.text()).map(String::from).collect();
        words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of the element with this id; `None` when there is none.
    pub fn element(&self, id: &str) -> Option<String> {
        let document = Html::parse_document(&self.body);
        let element = document.select(&by_id(id)).next()?;
        Some(element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// An attribute of the element with this id.
    pub fn attribute(&self, id: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.body);
        document.select(&by_id(id)).next()?.attr(name).map(String::from)
    }

    /// Every form on the page.
    pub fn forms(&self) -> Vec<Form> {
        let document = Html::parse_document(&self.body);
        document.select(&Selector::parse("form").expect("a selector")).map(|form| Form::read(&form, &document, self)).collect()
    }

    /// Where the page's links lead: paths at the same origin, with their queries.
    pub fn links(&self) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        let links = Selector::parse("a[href]").expect("a selector");
        let targets = document.select(&links).filter_map(|link| self.url.join(link.attr("href")?).ok());
        let here = targets.filter(|target| target.origin() == self.url.origin());
        here.map(|target| target.query().map_or_else(|| target.path().to_owned(), |query| format!("{}?{query}", target.path()))).collect()
    }

    /// The form with this id or action; panics with the page when there is none.
    pub fn form(&self, id_or_action: &str) -> Form {
        let document = Html::parse_document(&self.body);
        let forms = Selector::parse("form").expect("a selector");
        let named = |form: &ElementRef| form.attr("id") == Some(id_or_action) || form.attr("action") == Some(id_or_action);
        match document.select(&forms).find(named) {
            Some(form) => Form::read(&form, &document, self),
            None => panic!("no form {id_or_action:?} on {} ({}):\n{}", self.url, self.status, self.body),
        }
    }
}

fn by_id(id: &str) -> Selector {
    Selector::parse(&format!("[id=\"{id}\"]")).expect("a plain id")
}

/// A form that is being filled in.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// Whether it goes by POST.
    pub post: bool,
    /// Where it stands, and whether that page hides its address.
    pub page: (Url, bool),
    fields: Vec<Field>,
    buttons: Vec<Button>,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    value: String,
    on: bool,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Hidden,
    Box,
    Radio,
    Choice,
}

#[derive(Clone, Debug)]
struct Button {
    id: String,
    pair: Option<(String, String)>,
    action: Option<Url>,
}

impl Form {
    fn read(form: &ElementRef, document: &Html, page: &Page) -> Self {
        let controls = Selector::parse("input, select, textarea, button").expect("a selector");
        let id = form.attr("id");
        let resolve = |action: Option<&str>| page.url.join(action.unwrap_or_default()).expect("an action that is a URL");
        let mut this = Self {
            action: resolve(form.attr("action")),
            post: form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
            page: (page.url.clone(), page.no_referrer),
            fields: Vec::new(),
            buttons: Vec::new(),
        };
        // A control belongs to the form around it, or to the one that it names.
        let mine = |control: &ElementRef| match control.attr("form") {
            Some(named) => Some(named) == id,
            None => control.ancestors().any(|node| node.id() == form.id()),
        };
        for control in document.select(&controls).filter(mine).filter(|control| control.attr("disabled").is_none()) {
            this.add(&control, &resolve);
        }
        this
    }

    fn add(&mut self, control: &ElementRef, resolve: &impl Fn(Option<&str>) -> Url) {
        let name = control.attr("name").unwrap_or_default().to_owned();
        let value = control.attr("value").map(String::from);
        let (tag, kind) = (control.value().name(), control.attr("type").unwrap_or_default());
        match (tag, kind) {
            ("button", "" | "submit") | ("input", "submit" | "image") => {
                let pair = (!name.is_empty()).then(|| (name, value.unwrap_or_default()));
                let action = control.attr("formaction").map(|action| resolve(Some(action)));
                self.buttons.push(Button { id: control.attr("id").unwrap_or_default().to_owned(), pair, action });
            }
            ("button", _) | ("input", "button" | "reset") => {}
            _ if name.is_empty() => {}
            ("select", _) => {
                let options: Vec<ElementRef> = control.select(&Selector::parse("option").expect("a selector")).collect();
                let chosen = options.iter().position(|option| option.attr("selected").is_some()).unwrap_or(0);
                for (index, option) in options.iter().enumerate() {
                    let value = option.attr("value").map_or_else(|| option.text().collect(), String::from);
                    self.fields.push(Field { name: name.clone(), value, on: index == chosen, kind: Kind::Choice });
                }
            }
            ("textarea", _) => self.fields.push(Field { name, value: control.text().collect(), on: true, kind: Kind::Text }),
            (_, "checkbox" | "radio") => {
                let kind = if kind == "radio" { Kind::Radio } else { Kind::Box };
                self.fields.push(Field { name, value: value.unwrap_or_else(|| String::from("on")), on: control.attr("checked").is_some(), kind });
            }
            (_, "hidden") => self.fields.push(Field { name, value: value.unwrap_or_default(), on: true, kind: Kind::Hidden }),
            _ => self.fields.push(Field { name, value: value.unwrap_or_default(), on: true, kind: Kind::Text }),
        }
    }

    /// Types a value into a field, or picks it where there is a choice. Panics when the form has no such field or choice.
    #[must_use]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let kind = self.fields.iter().find(|field| field.name == name).map(|field| field.kind);
        let mut found = false;
        for field in self.fields.iter_mut().filter(|field| field.name == name) {
            match kind {
                Some(Kind::Text | Kind::Hidden) => {
                    value.clone_into(&mut field.value);
                    found = true;
                }
                Some(Kind::Box) => {
                    field.on |= field.value == value;
                    found |= field.value == value;
                }
                _ => {
                    field.on = field.value == value;
                    found |= field.on;
                }
            }
        }
        assert!(found, "the form on {} takes no {name}={value}: {:?}", self.page.0, self.fields);
        self
    }

    /// Takes the tick out of a box.
    #[must_use]
    pub fn clear(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|field| field.kind == Kind::Box && field.name == name && field.value == value);
        field.expect("a box of that name and value").on = false;
        self
    }

    /// Fills everything in at random: boxes ticked or cleared, a choice taken, something typed or the old text left. What a person cannot
    /// see stays as it is. `dice(n)` answers a number below `n`; `text` what is typed into a field of that name, if anything.
    #[must_use]
    pub fn scramble(mut self, dice: &mut dyn FnMut(usize) -> usize, text: fn(&str, &mut dyn FnMut(usize) -> usize) -> Option<String>) -> Self {
        let mut chosen: Vec<(String, usize)> = Vec::new();
        for index in 0..self.fields.len() {
            let (name, kind) = (self.fields[index].name.clone(), self.fields[index].kind);
            match kind {
                Kind::Text => {
                    if let Some(text) = text(&name, dice) {
                        self.fields[index].value = text;
                    }
                }
                Kind::Box => self.fields[index].on = dice(3) == 0,
                Kind::Radio | Kind::Choice if chosen.iter().all(|(other, _)| *other != name) => {
                    let choices: Vec<usize> = (0..self.fields.len()).filter(|at| self.fields[*at].name == name).collect();
                    chosen.push((name.clone(), choices[dice(choices.len())]));
                }
                Kind::Radio | Kind::Choice | Kind::Hidden => {}
            }
        }
        for (name, at) in chosen {
            self.fields.iter_mut().enumerate().filter(|(_, field)| field.name == name).for_each(|(index, field)| field.on = index == at);
        }
        self
    }

    /// The ids of its buttons.
    pub fn buttons(&self) -> Vec<&str> {
        self.buttons.iter().map(|button| button.id.as_str()).collect()
    }

    /// What goes out when this button is pressed: the target and the pairs. Panics when there is no such button.
    pub fn press(&self, button_id: &str) -> (Url, Vec<(String, String)>) {
        let Some(button) = self.buttons.iter().find(|button| button.id == button_id) else {
            panic!("no button {button_id:?} in the form on {}: {:?}", self.page.0, self.buttons);
        };
        let fields = self.fields.iter().filter(|field| field.on).map(|field| (field.name.clone(), field.value.clone()));
        (button.action.clone().unwrap_or_else(|| self.action.clone()), fields.chain(button.pair.clone()).collect())
    }
}
