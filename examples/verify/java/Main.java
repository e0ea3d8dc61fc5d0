import java.io.BufferedReader;
import java.io.InputStreamReader;

/** Checks the access tokens that come on standard input, one a line. Verify.java is what the demo app of Gatehouse shows. */
public final class Main {
    public static void main(String[] arguments) throws Exception {
        var verify = new Verify();
        for (var token : new BufferedReader(new InputStreamReader(System.in)).lines().toList()) {
            try {
                var claims = verify.verify(token);
                System.out.println("good " + claims.getSubject() + " " + String.join(",", claims.getStringListClaim("permissions")));
            } catch (Exception error) {
                System.out.println("bad " + error.getMessage());
            }
        }
    }
}
