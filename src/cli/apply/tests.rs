#[test]
fn make_hashes() {
    use argon2::password_hash::phc;
    for name in ["olivia", "ana", "bo", "chidi"] {
        let params = argon2::Params::new(1024, 1, 1, None).unwrap();
        let salt = crate::base::secret::random_bytes::<16>();
        let mut out = [0u8; 32];
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params.clone())
            .hash_password_into(b"correct horse battery staple", &salt, &mut out)
            .unwrap();
        let phc = phc::PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(0x13),
            params: phc::ParamsString::try_from(&params).unwrap(),
            salt: Some(phc::Salt::new(&salt).unwrap()),
            hash: Some(phc::Output::new(&out).unwrap()),
        };
        println!("{name} {phc}");
    }
}
