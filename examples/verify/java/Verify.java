import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.Set;

public final class Verify {
    private static final String ISSUER = "https://id.example.org";
    private static final String AUDIENCE = "https://id.example.org/apps/orders/production";
    private static final String PERMISSION = "approve";

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    public Verify() throws MalformedURLException {
        // The keys are kept for five minutes, and fetched again then or when a token names another.
        var address = URI.create(ISSUER + "/.well-known/jwks.json").toURL();
        var keys = JWKSourceBuilder.create(address).cache(300_000, 15_000).build();
        var issuer = new JWTClaimsSet.Builder().issuer(ISSUER).build();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
        processor.setJWTClaimsSetVerifier(
            new DefaultJWTClaimsVerifier<>(AUDIENCE, issuer, Set.of("exp", "sub")));
    }

    /** Checks an access token, and that whoever it stands for holds the permission. */
    public JWTClaimsSet verify(String token) throws Exception {
        var claims = processor.process(token, null);
        var permissions = claims.getStringListClaim("permissions");
        // A list that is not there gives nothing.
        if (permissions == null || !permissions.contains(PERMISSION)) {
            throw new SecurityException("needs " + PERMISSION);
        }
        return claims;
    }
}
