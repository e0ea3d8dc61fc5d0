//! Floor 5: the log. Lines go to stderr, as text for people or as JSON for machines; stdout belongs to the commands.

use crate::base::fault::Fault;
use crate::config::{Log, LogFormat};
use std::io::IsTerminal;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log of this process. A second start is a fault: two parts of the program each think they own the log.
pub fn start(settings: &Log) -> Result<(), Fault> {
    subscriber(settings, std::io::stderr().is_terminal(), std::io::stderr)?.try_init().map_err(|error| Fault::new("start the log", error))
}

/// The receiver of log lines: what passes the filter goes to `writer`.
fn subscriber<W>(settings: &Log, terminal: bool, writer: W) -> Result<Box<dyn Subscriber + Send + Sync>, Fault>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(&settings.level).map_err(|error| Fault::new("read log.level", error))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match settings.format {
        // On a terminal the library colours unless NO_COLOR is set.
        LogFormat::Pretty if terminal => Box::new(lines.finish()),
        LogFormat::Pretty => Box::new(lines.with_ansi(false).finish()),
        // The span holds the request id; the list of all spans around it would only repeat it.
        LogFormat::Json => Box::new(lines.json().flatten_event(true).with_current_span(true).with_span_list(false).finish()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: &str) -> String {
        let lines = Lines::default();
        let sink = lines.clone();
        let settings = Log { format, level: level.to_owned() };
        tracing::subscriber::with_default(subscriber(&settings, false, move || sink.clone()).unwrap(), || {
            let span = tracing::info_span!("request", request_id = "r-1");
            let _inside = span.enter();
            tracing::info!(status = 200, "answered");
            tracing::debug!("too much detail");
        });
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_is_one_object_a_line_with_the_request_id() {
        let text = logged(LogFormat::Json, "info");
        assert_eq!(text.lines().count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!((&line["message"], &line["status"], &line["span"]["request_id"]), (&"answered".into(), &200.into(), &"r-1".into()));
    }

    #[test]
    fn pretty_is_plain_text_without_a_terminal_and_the_level_filters() {
        let text = logged(LogFormat::Pretty, "info");
        assert!(text.contains("answered") && text.contains("r-1") && !text.contains('\u{1b}'), "{text}");
        assert_eq!(text.lines().count(), 1);
        assert_eq!(logged(LogFormat::Pretty, "debug").lines().count(), 2);
        assert_eq!(logged(LogFormat::Pretty, "off"), "");
    }
}
