//! The program: reads the command line, runs, answers with an exit code.

use gatehouse::cli::{self, Cli, Failure, Next};
use gatehouse::serve;
use std::error::Error;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    // Bound first, so that nothing holds stdout while the server runs.
    let next = cli::run(cli, &mut io::stdout().lock());
    let done: Result<(), Box<dyn Error>> = match next {
        Ok(Next::Serve(config)) => serve::run(*config).map_err(Into::into),
        Ok(Next::End) => Ok(()),
        // Whoever reads only the first lines (`gatehouse mailbox | head`) has what they wanted.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(failure) => Err(failure.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("gatehouse: {failure}");
            ExitCode::FAILURE
        }
    }
}
