//! Small sites on loopback that the tools of these tests prove themselves against, before they judge the product.

use actix_web::dev::ServerHandle;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};
use std::sync::mpsc;

/// A running site; it ends with the value.
pub struct Site {
    port: u16,
    handle: ServerHandle,
}

impl Site {
    /// Serves these routes on a free port, in a thread of their own.
    pub fn start(routes: impl Fn(&mut ServiceConfig, &str) + Send + Clone + 'static) -> Self {
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
                let port = listener.local_addr().expect("an address").port();
                let origin = format!("http://localhost:{port}");
                let app = move || App::new().configure(|config| routes(config, &origin));
                let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).expect("a server").run();
                send.send((port, server.handle())).expect("somebody waits");
                server.await
            })
        });
        let (port, handle) = receive.recv().expect("the site starts");
        Self { port, handle }
    }

    /// Its origin, by name.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The same server under another host: another site to a browser.
    pub fn foreign_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // The command is sent at once; nobody needs to wait for its end.
        drop(self.handle.stop(false));
    }
}
