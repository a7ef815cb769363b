package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
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

class AdmittingConfiguratorTest {
  /** The exception by which a container rejects a handshake; checked, as most of them are. */
  private static final class ContainerRejection extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final List<Rejection> rejections = new ArrayList<>();
  private final HandshakeResponse response = mock(HandshakeResponse.class);
  private Admission admission = AcceptedAdmission.of("ann", "hall");
  private Authenticator authenticator = handshake -> admission;
  private final Chat chat =
      Chat.builder(new RoomHandler() {})
          .authenticator(handshake -> authenticator.authenticate(handshake))
          .build();

  @AfterEach
  void close() {
    chat.close();
  }

  private ServerEndpointConfig endpoint() {
    return JakartaChat.of(chat, "/chat/{room}")
        .withSubprotocols("p")
        .endpoint(
            (to, rejection) -> {
              assertSame(response, to);
              rejections.add(rejection);
              throw new ContainerRejection();
            });
  }

  private static HandshakeRequest request(String uri) {
    HandshakeRequest request = mock(HandshakeRequest.class);
    when(request.getRequestURI()).thenReturn(URI.create(uri));
    when(request.getHeaders())
        .thenReturn(
            Map.of(
                "X-Twice", List.of("a", "b"),
                "Sec-WebSocket-Protocol", List.of("p"),
                "Sec-WebSocket-Key", List.of("dGhlIHNhbXBsZSBub25jZQ==")));
    return request;
  }

  private void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request) {
    config.getConfigurator().modifyHandshake(config, request, response);
  }

  @Test
  void theAdmissionOfAnAcceptedHandshakeIsInTheUserPropertiesOnce() {
    ServerEndpointConfig config = endpoint();
    modifyHandshake(config, request("/chat/hall"));
    AcceptedHandshake handshake =
        AdmittingConfigurator.acceptedHandshake(config.getUserProperties());
    assertNotNull(handshake);
    assertSame(admission, handshake.take());
    assertNull(handshake.take(), "an admission opens one connection");
    assertEquals(List.of(), rejections);
  }

  @Test
  void aRejectedHandshakeThrowsTheRejectorsException() {
    admission = new Rejection(403, "banned", "you are banned");
    ServerEndpointConfig config = endpoint();
    assertThrows(ContainerRejection.class, () -> modifyHandshake(config, request("/chat/hall")));
    assertEquals(List.of(admission), rejections);
    assertEquals(Map.of(), config.getUserProperties());
  }

  @Test
  void anotherPathIsRejectedWith404WithoutAuthentication() {
    authenticator =
        handshake -> {
          throw new AssertionError("was asked");
        };
    assertThrows(ContainerRejection.class, () -> modifyHandshake(endpoint(), request("/chat")));
    assertEquals(404, rejections.get(0).status());
  }

  @Test
  void aMalformedPathQueryOrKeyIsRejectedWith400WithoutAuthentication() {
    authenticator =
        handshake -> {
          throw new AssertionError("was asked");
        };
    HandshakeRequest badKey = request("/chat/hall");
    when(badKey.getHeaders()).thenReturn(Map.of("Sec-WebSocket-Key", List.of("abc")));
    HandshakeRequest badQuery = request("/chat/hall");
    when(badQuery.getQueryString()).thenReturn("id=%zz");
    for (HandshakeRequest bad :
        List.of(badKey, badQuery, request("/chat/%FF"), request("/chat/hall?id=%FF"))) {
      assertThrows(ContainerRejection.class, () -> modifyHandshake(endpoint(), bad));
    }
    assertEquals(List.of(400, 400, 400, 400), rejections.stream().map(Rejection::status).toList());
  }

  @Test
  void aClientThatOffersOnlyUnsupportedSubprotocolsIsRejected() {
    ServerEndpointConfig config =
        JakartaChat.of(chat, "/chat/{room}")
            .endpoint(
                (to, rejection) -> {
                  rejections.add(rejection);
                  throw new ContainerRejection();
                });
    assertThrows(ContainerRejection.class, () -> modifyHandshake(config, request("/chat/hall")));
    assertEquals("subprotocol", rejections.get(0).code());
    assertEquals(
        "the client offers no subprotocol that is supported; supported are none: connect without subprotocols",
        rejections.get(0).reason());
  }

  @Test
  void aHandshakeThatRepeatsTheKeyOfAnotherIsRejected() {
    ServerEndpointConfig config = endpoint();
    modifyHandshake(config, request("/chat/hall"));
    assertThrows(ContainerRejection.class, () -> modifyHandshake(config, request("/chat/hall")));
    assertEquals("handshake-repeated", rejections.get(0).code());
  }

  @Test
  void aRejectorThatReturnsAdmitsNoConnection() {
    admission = Rejection.of(403, "you are banned");
    ServerEndpointConfig config =
        JakartaChat.of(chat, "/chat/{room}")
            .withSubprotocols("p")
            .endpoint((to, rejection) -> rejections.add(rejection));
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class, () -> modifyHandshake(config, request("/chat/hall")));
    assertTrue(thrown.getMessage().contains("it has to throw the exception"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("you are banned"), thrown.getMessage());
    assertEquals(Map.of(), config.getUserProperties());
  }

  @Test
  void theAuthenticatorSeesPathQueryAndHeaders() {
    List<Object> seen = new ArrayList<>();
    authenticator =
        handshake -> {
          seen.add(handshake.path("room"));
          seen.add(handshake.query("tab"));
          seen.add(handshake.header("x-twice"));
          seen.add(handshake.subprotocols());
          seen.add(handshake.remoteAddress());
          seen.add(handshake.principal());
          return admission;
        };
    modifyHandshake(endpoint(), request("ws://localhost/app/chat/the%20hall?x=1&tab=%C3%BC"));
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
  void aQueryMissingFromTheUriIsTakenFromTheRequest() {
    HandshakeRequest request = request("/chat/hall");
    when(request.getQueryString()).thenReturn("x=a+b&tab=2");
    List<Optional<String>> seen = new ArrayList<>();
    authenticator =
        handshake -> {
          seen.add(handshake.query("tab"));
          seen.add(handshake.query("x"));
          return admission;
        };
    modifyHandshake(endpoint(), request);
    assertEquals(List.of(Optional.of("2"), Optional.of("a b")), seen);
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
    Handshake handshake = EndpointHandshakeReader.copyOf(request("/chat/hall"), Map.of());
    assertEquals(Optional.of("a, b"), handshake.header("X-TWICE"));
  }
}
