//! A person at a screen: finds things by their ids, types, clicks or presses keys, and sees when a page is not right.

use super::chromium::Chromium;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use std::cell::RefCell;
use std::time::{Duration, Instant};
use url::Url;

/// The Tab key, as `WebDriver` spells it.
pub const TAB: char = '\u{E004}';
/// The Enter key.
pub const ENTER: char = '\u{E007}';

/// Somebody who looks at pages in Chromium, and keeps a list of what is wrong with them.
pub struct Eyes {
    /// The window.
    pub chromium: Chromium,
    scripts: bool,
    faults: RefCell<Vec<String>>,
}

impl Eyes {
    /// Opens a window, whose pages may run scripts or not; `None`, said once, where Chromium is not installed.
    pub async fn open(scripts: bool) -> Option<Self> {
        let chromium = Chromium::open().await?;
        let this = Self { chromium, scripts, faults: RefCell::default() };
        this.scripts(scripts).await;
        this.chromium.dark(false).await;
        Some(this)
    }

    /// Lets pages run scripts, or not.
    pub async fn scripts(&self, on: bool) {
        self.chromium.javascript(on).await;
    }

    /// Asks for pages in this language from now on.
    pub async fn speak(&self, language: &str) {
        self.chromium.language(language).await;
    }

    fn fault(&self, fault: String) {
        // Said at once, too, in case that the test does not come to its end.
        eprintln!("{fault}");
        self.faults.borrow_mut().push(fault);
    }

    /// Looks at the page that is open: light and dark, at a desk and on a phone. With scripts it is checked for accessibility
    /// and a picture of it is kept; `status` is what it came with.
    pub async fn look(&self, name: &str, status: u16) {
        let came_with = self.chromium.evaluate("performance.getEntriesByType('navigation')[0].responseStatus").await;
        if came_with != status {
            self.fault(format!("{name}: the status is {came_with}, not {status}"));
        }
        self.listen(name, Some(status)).await;
        for (width, place) in [(1280, "wide"), (390, "narrow")] {
            self.chromium.width(width).await;
            // Not `innerWidth`: a phone zooms out of a page that is too wide, until it fits.
            let wide = self.chromium.evaluate("document.documentElement.scrollWidth").await;
            if wide.as_u64().is_none_or(|pixels| pixels > u64::from(width)) {
                self.fault(format!("{name} at {width}: the page is {wide} wide"));
            }
            let outside = self.chromium.evaluate(OUTSIDE).await;
            if outside != serde_json::json!([]) {
                self.fault(format!("{name} at {width}: outside of the page is {outside}"));
            }
            for (dark, light) in [(false, "light"), (true, "dark")] {
                if self.scripts {
                    self.chromium.dark(dark).await;
                    // Dark or light is a matter of colours alone (`colours::dark_and_light_differ_in_colours_alone`).
                    for fault in self.chromium.accessibility(dark).await.unwrap_or_default() {
                        self.fault(format!("{name} {place} {light}: {fault}"));
                    }
                    self.chromium.screenshot(&format!("{name}-{place}-{light}")).await;
                }
            }
        }
        self.chromium.width(1280).await;
        self.chromium.dark(false).await;
        // What the checks themselves have said is not the page's fault.
        self.chromium.console().await;
    }

    /// Notes what the console says. An answer of 4xx is not an error of the page that shows it, nor is the status that was waited for.
    async fn listen(&self, name: &str, status: Option<u16>) {
        const ANSWERED: &str = "Failed to load resource: the server responded with a status of ";
        let awaited = status.map_or_else(|| format!("{ANSWERED}4"), |status| format!("{ANSWERED}{status}"));
        for line in self.chromium.console().await {
            let answers = line.contains(&format!("{ANSWERED}4")) || line.contains(&awaited);
            // Whoever types before the page has given the focus away by itself keeps it: that is how it should be.
            let is_faster = line.contains("Autofocus processing was blocked because a document already has a focused element");
            if !is_faster && (!answers || line.contains("/static/")) {
                self.fault(format!("{name}: the console says {line}"));
            }
        }
    }

    /// Closes the window. Panics when anything was wrong on the way.
    pub async fn close(self) {
        self.listen("at the end", None).await;
        self.chromium.close().await;
        let faults = self.faults.into_inner();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// Types into a field that may hold something already.
    pub async fn fill(&self, id: &str, text: &str) {
        let field = self.chromium.client.wait().at_most(WAIT).for_element(Locator::Id(id)).await;
        let field = field.unwrap_or_else(|error| panic!("no field {id}: {error}"));
        field.clear().await.expect("the field is emptied");
        field.send_keys(text).await.expect("typed");
    }

    /// Clicks on something that a person can see.
    pub async fn click(&self, id: &str) {
        self.click_on(&format!("#{id}")).await;
    }

    /// The same, found by a CSS selector. What goes while it is looked at (the next page comes) is looked for again, and what cannot be seen
    /// yet is waited for.
    pub async fn click_on(&self, selector: &str) {
        let deadline = Instant::now() + WAIT;
        loop {
            let thing = self.chromium.client.wait().at_most(WAIT).for_element(Locator::Css(selector)).await;
            let thing = thing.unwrap_or_else(|error| panic!("no {selector}: {error}"));
            let outcome = match thing.is_displayed().await {
                Ok(true) => {
                    // As a person scrolls who wants to click on something: away from what stays at the edges of the window.
                    let element = serde_json::to_value(&thing).expect("an element");
                    let middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
                    match self.chromium.client.execute(middle, vec![element]).await {
                        Ok(_) => thing.click().await.map_err(|error| error.to_string()),
                        Err(error) => Err(error.to_string()),
                    }
                }
                Ok(false) => Err(String::from(UNSEEN)),
                Err(error) => Err(error.to_string()),
            };
            let Err(error) = outcome else { return };
            let passes = ["stale element", UNSEEN].iter().any(|reason| error.contains(reason));
            assert!(passes && Instant::now() < deadline, "{selector}: {error}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.chromium.client.perform_actions(actions).await.expect("pressed");
    }

    /// The id of what has the focus.
    async fn focus(&self) -> String {
        self.chromium.evaluate("document.activeElement.id").await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until this has the focus: browsers move it a moment after the page is there.
    pub async fn focus_on(&self, id: &str) {
        let deadline = Instant::now() + WAIT;
        loop {
            let here = self.focus().await;
            if here == id {
                return;
            }
            assert!(Instant::now() < deadline, "the focus is not on {id}, but on {here:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Presses Tab until the focus is there; on the way every stop must show that it has the focus.
    pub async fn tab_to(&self, id: &str) {
        for _ in 0..25 {
            self.press(&TAB.to_string()).await;
            let ring = self.chromium.evaluate("(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))").await;
            let here = self.focus().await;
            if ring != "solid 2px" {
                self.fault(format!("{here:?} shows its focus by {ring}"));
            }
            if here == id {
                return;
            }
        }
        panic!("the Tab key never comes to {id} on {}", self.chromium.client.current_url().await.expect("an address"));
    }

    /// Waits for an address that begins like this.
    pub async fn arrive(&self, prefix: &str) -> Url {
        let deadline = Instant::now() + WAIT;
        loop {
            let url = self.chromium.client.current_url().await.expect("an address");
            if url.as_str().starts_with(prefix) {
                return url;
            }
            assert!(Instant::now() < deadline, "not at {prefix}, but at {url}: {}", self.read().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks on a button that leads to another page, and waits for that.
    pub async fn submit(&self, id: &str) {
        // A click before this one may still be on its way: the page that counts is the one with the button.
        let button = self.chromium.client.wait().at_most(WAIT).for_element(Locator::Id(id)).await;
        if let Err(error) = button {
            panic!("no {id}: {error}");
        }
        let old = self.chromium.client.find(Locator::Css("html")).await.expect("a page");
        self.click(id).await;
        let deadline = Instant::now() + WAIT;
        while old.tag_name().await.is_ok() {
            assert!(Instant::now() < deadline, "{id} leads nowhere: {}", self.read().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What a person reads on the page. Nothing while another page is on its way.
    async fn read(&self) -> String {
        match self.chromium.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until all of this stands on the page.
    pub async fn reads(&self, texts: &[&str]) {
        let deadline = Instant::now() + WAIT;
        loop {
            let page = self.read().await;
            let Some(missing) = texts.iter().find(|text| !page.contains(**text)) else { return };
            assert!(Instant::now() < deadline, "{missing:?} does not stand on the page:\n{page}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

const WAIT: Duration = Duration::from_mins(1);

/// Why nothing can be clicked that is on the page.
const UNSEEN: &str = "it cannot be seen";

/// What can be seen of the main part, reaches past the sides of the window, and is in no box that scrolls or cuts it off. In a language
/// written from right to left a page hides what is too far to the right, without becoming wider.
const OUTSIDE: &str = "(() => {
    const wide = document.documentElement.clientWidth;
    const kept = (part) => part !== document.body && (getComputedStyle(part).overflowX !== 'visible' || kept(part.parentElement));
    return [...document.querySelectorAll('main *')].filter((part) => {
        const box = part.getBoundingClientRect();
        return part.checkVisibility() && box.width > 1 && box.height > 1 && (box.left < -1 || box.right > wide + 1) && !kept(part.parentElement);
    }).slice(0, 3).map((part) => part.outerHTML.slice(0, 200));
})()";
