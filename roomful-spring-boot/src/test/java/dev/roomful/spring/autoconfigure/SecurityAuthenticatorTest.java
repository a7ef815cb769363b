package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.spring.AdmissionCustomizer;
import dev.roomful.spring.RoomAccess;
import dev.roomful.spring.RoomAuthorizationManager;
import dev.roomful.testing.TestHandshake;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

class SecurityAuthenticatorTest {
  private static final TestHandshake ANONYMOUS = TestHandshake.create();
  private static final TestHandshake ANN =
      ANONYMOUS.withPrincipal(new TestingAuthenticationToken("ann", "", "ROLE_STAFF"));
  private static final TestHandshake BOB =
      ANONYMOUS.withPrincipal(new TestingAuthenticationToken("bob", "", "ROLE_USER"));
  private static final AuthorizationManager<RoomAccess> LOGIN =
      RoomAuthorizationManager.builder().build();

  private static SecurityAuthenticator authenticator(
      AuthorizationManager<RoomAccess> rooms,
      TokenReader tokens,
      AdmissionCustomizer... customizers) {
    return new SecurityAuthenticator(rooms, tokens, List.of(customizers), () -> false);
  }

  private static SecurityAuthenticator authenticator(AuthorizationManager<RoomAccess> rooms) {
    return authenticator(rooms, handshake -> null);
  }

  private static AcceptedAdmission accepted(
      SecurityAuthenticator authenticator, TestHandshake handshake) {
    return (AcceptedAdmission) authenticator.authenticate(handshake);
  }

  private static int status(SecurityAuthenticator authenticator, TestHandshake handshake) {
    return ((Rejection) authenticator.authenticate(handshake)).status();
  }

  @Test
  void theRoomIsThatOfThePathThenOfTheQueryThenTheLobby() {
    SecurityAuthenticator authenticator = authenticator(LOGIN);
    assertThat(accepted(authenticator, ANN).room()).isEqualTo("lobby");
    assertThat(accepted(authenticator, ANN.withQuery("room", "q")).room()).isEqualTo("q");
    assertThat(accepted(authenticator, ANN.withQuery("room", "q").withPath("room", "p")).room())
        .isEqualTo("p");
    assertThat(accepted(authenticator, ANN).id()).isEqualTo("ann");
  }

  @Test
  void eachRoomHasItsRule() {
    SecurityAuthenticator authenticator =
        authenticator(
            RoomAuthorizationManager.builder()
                .room("staff", AuthorityAuthorizationManager.hasRole("STAFF"))
                .anyOtherRoom((user, access) -> new AuthorizationDecision(true))
                .build());
    assertThat(accepted(authenticator, ANN.withPath("room", "staff")).room()).isEqualTo("staff");
    assertThat(status(authenticator, BOB.withPath("room", "staff"))).isEqualTo(403);
    assertThat(status(authenticator, ANONYMOUS.withPath("room", "staff"))).isEqualTo(401);
    AcceptedAdmission first = accepted(authenticator, ANONYMOUS);
    AcceptedAdmission second = accepted(authenticator, ANONYMOUS);
    assertThat(first.id()).startsWith("anonymous-").isNotEqualTo(second.id());
  }

  @Test
  void noDecisionAndADenialAreNoPermission() {
    assertThat(status(authenticator((user, access) -> null), ANN)).isEqualTo(403);
    assertThat(
            status(
                authenticator(
                    (user, access) -> {
                      throw new AccessDeniedException("no");
                    }),
                ANN))
        .isEqualTo(403);
  }

  @Test
  void aClientOfAProtocolIsAskedWithoutARoomWhenItConnects() {
    SecurityAuthenticator authenticator =
        new SecurityAuthenticator(
            (user, access) -> new AuthorizationDecision(access.room().isEmpty()),
            handshake -> null,
            List.of(),
            () -> true);
    assertThat(accepted(authenticator, ANN).id()).isEqualTo("ann");
    assertThat(status(authenticator, ANN.withPath("room", "staff"))).isEqualTo(403);
  }

  @Test
  void aPrincipalOfAnotherKindHasNoAuthorities() {
    SecurityAuthenticator staff = authenticator(AuthorityAuthorizationManager.hasRole("STAFF"));
    TestHandshake other = ANONYMOUS.withPrincipal(() -> "cem");
    assertThat(status(staff, other)).isEqualTo(403);
    assertThat(accepted(authenticator(LOGIN), other).id()).isEqualTo("cem");
  }

  @Test
  void aTokenThatCannotBeCheckedIsNotTheClientsFault() {
    TokenReader unreachable =
        handshake -> {
          throw new AuthenticationServiceException("no keys");
        };
    assertThat(status(authenticator(LOGIN, unreachable), ANONYMOUS)).isEqualTo(503);
    TokenReader invalid =
        handshake -> {
          throw new BadCredentialsException("no");
        };
    assertThat(status(authenticator(LOGIN, invalid), ANONYMOUS)).isEqualTo(401);
  }

  @Test
  void theAdmissionEndsWithTheToken() {
    Instant end = Instant.now().plusSeconds(60);
    SecurityAuthenticator authenticator = authenticator(LOGIN);
    assertThat(accepted(authenticator, ANONYMOUS.withPrincipal(jwt(end))).credential())
        .isEqualTo(Credential.expiringAt(end));
    assertThat(accepted(authenticator, ANN).credential()).isNull();
    assertThat(status(authenticator, ANONYMOUS.withPrincipal(jwt(Instant.now().minusSeconds(1)))))
        .isEqualTo(401);
  }

  private static JwtAuthenticationToken jwt(Instant end) {
    return new JwtAuthenticationToken(
        Jwt.withTokenValue("x")
            .header("alg", "none")
            .subject("ann")
            .issuedAt(end.minusSeconds(600))
            .expiresAt(end)
            .build(),
        List.of());
  }

  @Test
  void customizersChangeTheAdmissionInTheirOrder() {
    Authentication[] seen = new Authentication[1];
    AdmissionCustomizer name = (admission, user, handshake) -> admission.withName("Ann");
    AdmissionCustomizer role =
        (admission, user, handshake) -> {
          seen[0] = user;
          return admission.withName(admission.name() + "!").withRole(Role.OWNER);
        };
    AcceptedAdmission admission =
        accepted(authenticator(LOGIN, handshake -> null, name, role), ANN);
    assertThat(admission.name()).isEqualTo("Ann!");
    assertThat(admission.role()).isEqualTo(Role.OWNER);
    assertThat(seen[0]).isNotInstanceOf(AnonymousAuthenticationToken.class);
  }
}
