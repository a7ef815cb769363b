package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Role;
import dev.roomful.spring.AdmissionCustomizer;
import dev.roomful.spring.RoomAccess;
import dev.roomful.spring.RoomAuthorizationManager;
import dev.roomful.spring.autoconfigure.RunningApplication.Server;
import dev.roomful.testkit.WireClient;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Logins and tokens of Spring Security on real servers. */
class SecurityServerTest {
  private static final String EXPIRE_SOON = "expire-soon";

  /** Answers with the sender and its role. */
  private static RoomHandler namingHandler() {
    return new RoomHandler() {
      @Override
      public void onMessage(Room room, Message message) {
        room.publish(
            message.withPayload(
                message.sender().name()
                    + " "
                    + room.role(message.participant()).map(Role::label).orElse("?")
                    + ": "
                    + message.text()));
      }
    };
  }

  private static String login(RunningApplication app, String user) throws Exception {
    HttpResponse<String> response = app.post("/login", "username=" + user + "&password=secret");
    assertThat(response.headers().firstValue("Location"))
        .hasValueSatisfying(location -> assertThat(location).doesNotContain("error"));
    return response.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith("JSESSIONID="))
        .reduce((first, last) -> last)
        .orElseThrow()
        .replaceAll(";.*", "");
  }

  private static int statusOf(RunningApplication app, String path, String... headers) {
    var request = app.request(path);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    WireClient.Rejected[] rejection = new WireClient.Rejected[1];
    assertThatThrownBy(request::connect)
        .isInstanceOfSatisfying(WireClient.Rejected.class, rejected -> rejection[0] = rejected);
    return rejection[0].status();
  }

  @ParameterizedTest
  @EnumSource
  void theUserOfTheSessionIsTheParticipantAndALogoutClosesItsConnections(Server server)
      throws Exception {
    try (RunningApplication app = RunningApplication.start(server, LoginApplication.class)) {
      assertThat(statusOf(app, "/chat/lobby")).isEqualTo(401);
      String ann = login(app, "ann");
      String bob = login(app, "bob");
      assertThat(statusOf(app, "/chat/staff", "Cookie", bob)).isEqualTo(403);
      try (WireClient annInLobby = app.request("/chat/lobby").header("Cookie", ann).connect();
          WireClient annInStaff = app.request("/chat/staff").header("Cookie", ann).connect();
          WireClient bobInLobby = app.request("/chat/lobby").header("Cookie", bob).connect()) {
        app.awaitParticipants("lobby", 2);
        app.awaitParticipants("staff", 1);
        annInLobby.text("hello");
        assertThat(annInLobby.nextText()).isEqualTo("ann moderator: hello");
        assertThat(bobInLobby.nextText()).isEqualTo("ann moderator: hello");
        app.post("/logout", "", "Cookie", ann);
        assertThat(annInLobby.awaitClose().code()).isEqualTo(1008);
        assertThat(annInStaff.awaitClose().code()).isEqualTo(1008);
        bobInLobby.text("still here");
        assertThat(bobInLobby.nextText()).isEqualTo("bob member: still here");
      }
      assertThat(statusOf(app, "/chat/lobby", "Cookie", ann)).isEqualTo(401);
    }
  }

  /**
   * The servers look for expired sessions from time to time: Jetty here each second, Tomcat in
   * every sixth run of its background thread, which runs here each second.
   */
  @ParameterizedTest
  @EnumSource
  void anHttpSessionThatExpiresClosesItsConnections(Server server) throws Exception {
    try (RunningApplication app =
        RunningApplication.start(
            server, LoginApplication.class, "server.tomcat.background-processor-delay=1s")) {
      if (server == Server.JETTY) {
        app.jetty()
            .getBean(DefaultSessionIdManager.class)
            .getSessionHouseKeeper()
            .setIntervalSec(1);
      }
      String ann = login(app, "ann");
      String bob = login(app, "bob");
      try (WireClient silent = app.request("/chat/lobby").header("Cookie", ann).connect();
          WireClient other = app.request("/chat/lobby").header("Cookie", bob).connect()) {
        app.awaitParticipants("lobby", 2);
        app.get("/?" + EXPIRE_SOON, "Cookie", ann);
        assertThat(silent.awaitEnd(Duration.ofSeconds(30))).isTrue();
        assertThat(silent.awaitClose().code()).isEqualTo(1008);
        other.text("still here");
        assertThat(other.nextText()).isEqualTo("bob member: still here");
      }
      assertThat(statusOf(app, "/chat/lobby", "Cookie", ann)).isEqualTo(401);
    }
  }

  /** Tomcat closes connections with a principal in any case. */
  @ParameterizedTest
  @EnumSource(names = "JETTY")
  void theEndOfASessionMayBeIgnored(Server server) throws Exception {
    try (RunningApplication app =
        RunningApplication.start(
            server, LoginApplication.class, "roomful.close-on-session-end=false")) {
      String ann = login(app, "ann");
      try (WireClient client = app.request("/chat/lobby").header("Cookie", ann).connect()) {
        app.awaitParticipants("lobby", 1);
        app.post("/logout", "", "Cookie", ann);
        client.text("still here");
        assertThat(client.nextText()).isEqualTo("ann moderator: still here");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLogoutMayCloseTheConnectionsOfAllSessions(Server server) throws Exception {
    try (RunningApplication app =
        RunningApplication.start(
            server, LoginApplication.class, "roomful.security.revoke-on-logout=true")) {
      String phone = login(app, "ann");
      String laptop = login(app, "ann");
      try (WireClient onPhone = app.request("/chat/lobby").header("Cookie", phone).connect()) {
        app.awaitParticipants("lobby", 1);
        app.post("/logout", "", "Cookie", laptop);
        assertThat(onPhone.awaitClose().code()).isEqualTo(CloseStatus.REVOKED.code());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenInTheSubprotocolOrTheHeaderIdentifiesAndItsExpiryEndsASilentListener(Server server)
      throws Exception {
    try (RunningApplication app = RunningApplication.start(server, TokenApplication.class)) {
      assertThat(statusOf(app, "/chat/lobby")).isEqualTo(401);
      assertThat(statusOf(app, "/chat/lobby", "Sec-WebSocket-Protocol", "roomful, token.wrong"))
          .isEqualTo(401);
      assertThat(statusOf(app, "/chat/lobby", "Sec-WebSocket-Protocol", "roomful, token.ann.-1"))
          .isEqualTo(401);
      try (WireClient speaker =
              app.request("/chat/lobby").subprotocols("roomful", "token.ann.60").connect();
          WireClient header =
              app.request("/chat/lobby").header("Authorization", "Bearer bob.60").connect();
          WireClient listener =
              app.request("/chat/lobby").subprotocols("roomful", "token.cem.3").connect()) {
        assertThat(speaker.subprotocol()).isEqualTo("roomful");
        app.awaitParticipants("lobby", 3);
        speaker.text("hello");
        assertThat(speaker.nextText()).isEqualTo("ann member: hello");
        assertThat(header.nextText()).isEqualTo("ann member: hello");
        assertThat(listener.nextText()).isEqualTo("ann member: hello");
        assertThat(listener.awaitClose().code()).isEqualTo(CloseStatus.EXPIRED.code());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void centrifugeClientsAreAuthorizedForEachRoom(Server server) throws Exception {
    try (RunningApplication app =
        RunningApplication.start(
            server, LoginApplication.class, "roomful.protocol=centrifuge", "roomful.path=/chat")) {
      assertThat(statusOf(app, "/chat")).isEqualTo(401);
      String bob = login(app, "bob");
      try (WireClient client = app.request("/chat").header("Cookie", bob).connect()) {
        client.text("{\"id\":1,\"connect\":{}}");
        assertThat(client.nextText()).contains("\"connect\":{\"client\":");
        client.text("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
        assertThat(client.nextText()).contains("\"subscribe\":{");
        client.text("{\"id\":3,\"subscribe\":{\"channel\":\"staff\"}}");
        assertThat(client.nextText()).contains("\"error\":{\"code\":103");
      }
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class LoginApplication {
    @Bean
    RoomHandler handler() {
      return namingHandler();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
      return http.authorizeHttpRequests(
              requests ->
                  requests.requestMatchers("/chat/**").permitAll().anyRequest().authenticated())
          .formLogin(form -> {})
          .csrf(csrf -> csrf.disable())
          .build();
    }

    /** Shortens the session of a request that asks for it: the shortest time-out is a second. */
    @Bean
    Filter sessionTimeout() {
      return (request, response, chain) -> {
        if (request.getParameter(EXPIRE_SOON) != null) {
          ((HttpServletRequest) request).getSession().setMaxInactiveInterval(1);
        }
        chain.doFilter(request, response);
      };
    }

    @Bean
    UserDetailsService users() {
      return new InMemoryUserDetailsManager(
          User.withUsername("ann").password("{noop}secret").roles("STAFF").build(),
          User.withUsername("bob").password("{noop}secret").roles("USER").build());
    }

    @Bean
    AuthorizationManager<RoomAccess> rooms() {
      return RoomAuthorizationManager.builder()
          .room("staff", AuthorityAuthorizationManager.hasRole("STAFF"))
          .build();
    }

    @Bean
    AdmissionCustomizer moderators() {
      return (admission, authentication, handshake) ->
          authentication.getAuthorities().stream()
                  .anyMatch(authority -> "ROLE_STAFF".equals(authority.getAuthority()))
              ? admission.withRole(Role.MODERATOR)
              : admission;
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class TokenApplication {
    @Bean
    RoomHandler handler() {
      return namingHandler();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
      return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .sessionManagement(
              sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
          .build();
    }

    /** A token is a name and its seconds to live: {@code ann.60}. */
    @Bean
    JwtDecoder decoder() {
      return token -> {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 2) {
          throw new BadJwtException("no token of this test");
        }
        Instant expiry = Instant.now().plusSeconds(Long.parseLong(parts[1]));
        return Jwt.withTokenValue(token)
            .header("alg", "none")
            .subject(parts[0])
            .issuedAt(expiry.minusSeconds(100))
            .expiresAt(expiry)
            .build();
      };
    }
  }
}
