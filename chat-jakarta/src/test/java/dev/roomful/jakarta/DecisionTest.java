package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.roomful.Admission;
import dev.roomful.Chat;
import dev.roomful.Doorman;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.Refusal;
import dev.roomful.RoomHandler;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecisionTest {
  /** What a container refuses by; checked, as most of them are. */
  private static final class ContainersRefusal extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final List<Refusal> refusals = new ArrayList<>();
  private final HandshakeResponse response = mock(HandshakeResponse.class);
  private Admission decision = Entry.of("ann", "hall");
  private Doorman doorman = handshake -> decision;
  private final Chat chat =
      Chat.builder(new RoomHandler() {}).doorman(handshake -> doorman.admit(handshake)).build();

  @AfterEach
  void close() {
    chat.close();
  }

  private ServerEndpointConfig endpoint() {
    return JakartaChat.of(chat, "/chat/{room}")
        .endpoint(
            (to, refusal) -> {
              assertSame(response, to);
              refusals.add(refusal);
              throw new ContainersRefusal();
            });
  }

  private static HandshakeRequest request(String uri) {
    HandshakeRequest request = mock(HandshakeRequest.class);
    when(request.getRequestURI()).thenReturn(URI.create(uri));
    when(request.getHeaders())
        .thenReturn(Map.of("X-Twice", List.of("a", "b"), "Sec-WebSocket-Protocol", List.of("p")));
    return request;
  }

  private void decide(ServerEndpointConfig config, HandshakeRequest request) {
    config.getConfigurator().modifyHandshake(config, request, response);
  }

  @Test
  void theEntryOfAnAdmittedHandshakeWaitsInTheUserProperties() {
    ServerEndpointConfig config = endpoint();
    decide(config, request("/chat/hall"));
    assertSame(decision, Decision.take(config.getUserProperties()));
    assertNull(Decision.take(config.getUserProperties()), "an entry admits one connection");
    assertEquals(List.of(), refusals);
  }

  @Test
  void aRefusedHandshakeEndsWithWhatTheRefuserThrows() {
    decision = new Refusal(403, "banned", "you are banned");
    ServerEndpointConfig config = endpoint();
    assertThrows(ContainersRefusal.class, () -> decide(config, request("/chat/hall")));
    assertEquals(List.of(decision), refusals);
    assertEquals(Map.of(), config.getUserProperties());
  }

  @Test
  void anotherPathIsRefusedWith404AndTheDoormanIsNotAsked() {
    doorman =
        handshake -> {
          throw new AssertionError("was asked");
        };
    assertThrows(ContainersRefusal.class, () -> decide(endpoint(), request("/chat")));
    assertEquals(404, refusals.get(0).status());
  }

  @Test
  void aRefuserThatReturnsLetsNobodyIn() {
    decision = Refusal.of(403, "you are banned");
    ServerEndpointConfig config =
        JakartaChat.of(chat, "/chat/{room}").endpoint((to, refusal) -> refusals.add(refusal));
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> decide(config, request("/chat/hall")));
    assertTrue(thrown.getMessage().contains("has to throw"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("you are banned"), thrown.getMessage());
    assertEquals(Map.of(), config.getUserProperties());
  }

  @Test
  void theDoormanSeesPathQueryAndHeaders() {
    List<Object> seen = new ArrayList<>();
    doorman =
        handshake -> {
          seen.add(handshake.path("room"));
          seen.add(handshake.query("tab"));
          seen.add(handshake.header("x-twice"));
          seen.add(handshake.subprotocols());
          seen.add(handshake.remoteAddress());
          seen.add(handshake.principal());
          return decision;
        };
    decide(endpoint(), request("ws://localhost/app/chat/the%20hall?x=1&tab=%C3%BC"));
    assertEquals(
        List.of(
            Optional.of("the hall"),
            Optional.of("ü"),
            Optional.of("a, b"),
            List.of("p"),
            Optional.empty(),
            Optional.empty()),
        seen);
  }

  @Test
  void aQueryThatTheUriLacksIsTakenFromBesideIt() {
    HandshakeRequest request = request("/chat/hall");
    when(request.getQueryString()).thenReturn("x=%zz&tab=2");
    List<Optional<String>> seen = new ArrayList<>();
    doorman =
        handshake -> {
          seen.add(handshake.query("tab"));
          seen.add(handshake.query("x"));
          return decision;
        };
    decide(endpoint(), request);
    assertEquals(List.of(Optional.of("2"), Optional.empty()), seen);
  }

  @Test
  void endpointsOfOneConfigurationAreNotShared() {
    ServerEndpointConfig.Configurator configurator = endpoint().getConfigurator();
    try {
      assertNotEquals(
          configurator.getEndpointInstance(ChatEndpoint.class),
          configurator.getEndpointInstance(ChatEndpoint.class));
    } catch (InstantiationException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void headerNamesAreFoundInAnyCase() {
    Handshake handshake = new UpgradeHandshake(request("/chat/hall"), Map.of());
    assertEquals(Optional.of("a, b"), handshake.header("X-TWICE"));
  }
}
