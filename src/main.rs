//! The program: reads the command line, runs, answers with an exit code.

use gatehouse::cli::{self, Cli, Failure, Next};
use gatehouse::serve;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    match cli::run(cli, &mut io::stdout().lock()) {
        Ok(Next::End) => ExitCode::SUCCESS,
        Ok(Next::Serve(config)) => match serve::run(*config) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                eprintln!("gatehouse: {failure}");
                ExitCode::FAILURE
            }
        },
        // Whoever reads only the first lines (`gatehouse mailbox | head`) has what they wanted.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("gatehouse: {failure}");
            ExitCode::FAILURE
        }
    }
}
