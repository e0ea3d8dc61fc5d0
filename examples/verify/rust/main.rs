//! Checks the access tokens that come on standard input, one a line. `verify.rs` is what the demo app of Gatehouse shows.

mod verify;

#[tokio::main]
async fn main() {
    for token in std::io::stdin().lines().map_while(Result::ok) {
        match verify::verify(&token).await {
            Ok(claims) => println!("good {} {}", claims.sub, claims.permissions.join(",")),
            Err(error) => println!("bad {error}"),
        }
    }
}
