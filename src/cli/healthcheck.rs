//! `gatehouse healthcheck`: one request to the running server, with nothing but a socket.

use super::Failure;
use crate::config::Config;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may take for each step.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/readyz` on the address that the server listens on. `Ok`: it is ready.
pub fn run(config: &Config) -> Result<(), Failure> {
    let address = reachable(config.server.listen);
    let status =
        ask(address, config.server.public_url.authority(), PATIENCE).map_err(|error| Failure::Health(format!("{address} does not answer ({error})")))?;
    match status.as_str() {
        "200" => Ok(()),
        other => Err(Failure::Health(format!("{address} answers /readyz with {other}"))),
    }
}

/// Where a server that listens on `listen` can be asked: one on every address also listens on loopback.
fn reachable(mut listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => listen.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => listen.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    listen
}

/// The status code of the answer.
fn ask(address: SocketAddr, host: &str, patience: Duration) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {host}\r\nUser-Agent: gatehouse-healthcheck\r\nConnection: close\r\n\r\n")?;
    // The status line (RFC 9112 section 4) is all that matters: `HTTP/1.1 200`, 12 bytes.
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    let status = line.strip_prefix(b"HTTP/1.1 ").and_then(|code| std::str::from_utf8(code).ok());
    status.map(str::to_owned).ok_or_else(|| io::Error::other("that is no HTTP"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufRead;
    use std::net::TcpListener;

    /// Answers one request with `answer`; gives the address, and what was asked.
    fn server(answer: &'static [u8]) -> (SocketAddr, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = std::thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let lines = io::BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            stream.write_all(answer).unwrap();
            lines
        });
        (address, asked)
    }

    #[test]
    fn the_status_decides() {
        for (answer, expected) in
            [(&b"HTTP/1.1 200 OK\r\n\r\n"[..], Ok("200")), (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", Ok("503")), (b"SSH-2.0-OpenSSH_9", Err("no HTTP"))]
        {
            let (address, asked) = server(answer);
            let status = ask(address, "id.acme.example", PATIENCE).map_err(|error| error.to_string());
            match expected {
                Ok(code) => assert_eq!(status, Ok(code.to_owned())),
                Err(why) => assert!(status.unwrap_err().contains(why)),
            }
            let asked = asked.join().unwrap();
            assert_eq!(asked[..2], ["GET /readyz HTTP/1.1", "Host: id.acme.example"], "the server refuses a foreign host");
        }
    }

    #[test]
    fn who_does_not_answer_is_not_ready() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = silent.local_addr().unwrap();
        assert!(ask(address, "localhost", Duration::from_millis(50)).is_err(), "silence");
        drop(silent);
        let error = ask(address, "localhost", PATIENCE).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[test]
    fn every_address_means_loopback() {
        for (listen, asked) in [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("192.0.2.1:80", "192.0.2.1:80")] {
            assert_eq!(reachable(listen.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
