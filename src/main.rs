//! The program: reads the command line, runs, answers with an exit code.

use gatehouse::cli::{self, Cli, Failure, Next};
use gatehouse::config::Config;
use gatehouse::server::Server;
use gatehouse::{log, serve};
use std::io::{self, ErrorKind};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    let done = match cli::run(cli, &mut io::stdout().lock()) {
        Ok(Next::Serve(config)) => run(*config),
        Ok(Next::End) => Ok(()),
        Err(failure) => Err(failure),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads only the first lines (`gatehouse mailbox | head`) has what they wanted.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("gatehouse: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the server until it is told to stop.
fn run(config: Config) -> Result<(), Failure> {
    log::start(&config.log)?;
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    actix_web::rt::System::new().block_on(async {
        // Before anything is made: a second server finds the port taken and leaves the first one's database alone.
        let listener = serve::listen(config.server.listen)?;
        let server = Server::open(config).await?;
        let running = serve::start(server, listener)?;
        tracing::info!(address = %running.address, issuer = running.server.issuer(), "listening");
        serve::told_to_stop().await?;
        tracing::info!("stopping: requests in flight and jobs in hand are finished");
        running.stop().await;
        Ok::<_, Failure>(())
    })
}
