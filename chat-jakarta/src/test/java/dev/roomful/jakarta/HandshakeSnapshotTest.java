package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.server.HandshakeRequest;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandshakeSnapshotTest {
  /** Answers each method by its name; unlike a mock, it is referred to by nothing else. */
  private static <T> T request(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.get(method.getName())));
  }

  private static HttpServletRequest servletRequest() {
    return request(
        HttpServletRequest.class,
        Map.of(
            "getProtocol",
            "HTTP/1.1",
            "getQueryString",
            "tab=2",
            "getRemoteAddr",
            "192.0.2.7",
            "getHeaderNames",
            Collections.enumeration(List.of("Host")),
            "getHeaders",
            Collections.enumeration(List.of("chat.example"))));
  }

  private static HandshakeRequest endpointRequest() {
    return request(
        HandshakeRequest.class,
        Map.of(
            "getRequestURI", URI.create("/chat/hall?tab=2"),
            "getHeaders", Map.of("Host", List.of("chat.example"))));
  }

  @Test
  void aKeptServletHandshakeDoesNotKeepTheRequest() {
    HttpServletRequest request = servletRequest();
    HandshakeSnapshot handshake = ServletHandshakeReader.copyOf(request, Map.of("room", "hall"));
    WeakReference<HttpServletRequest> reference = new WeakReference<>(request);
    request = null;
    Await.collected("the request", reference);
    assertComplete(handshake);
    assertEquals(Optional.of("192.0.2.7"), handshake.remoteAddress());
  }

  @Test
  void aKeptEndpointHandshakeDoesNotKeepTheRequest() {
    HandshakeRequest request = endpointRequest();
    HandshakeSnapshot handshake = EndpointHandshakeReader.copyOf(request, Map.of("room", "hall"));
    WeakReference<HandshakeRequest> reference = new WeakReference<>(request);
    request = null;
    Await.collected("the request", reference);
    assertComplete(handshake);
    assertEquals(Optional.empty(), handshake.remoteAddress());
  }

  @Test
  void attributesAreThoseOfTheHttpSessionAtTheTimeOfTheHandshake() {
    Map<String, Object> attributes = new HashMap<>(Map.of("user", "ann"));
    HttpSession session = mock(HttpSession.class);
    when(session.getAttributeNames())
        .thenAnswer(call -> Collections.enumeration(List.of("user", "removed meanwhile")));
    when(session.getAttribute(any())).thenAnswer(call -> attributes.get(call.getArgument(0)));
    HttpServletRequest servletRequest = mock(HttpServletRequest.class);
    when(servletRequest.getProtocol()).thenReturn("HTTP/1.1");
    when(servletRequest.getHeaderNames()).thenReturn(Collections.emptyEnumeration());
    when(servletRequest.getSession(false)).thenReturn(session);
    HandshakeRequest endpointRequest = mock(HandshakeRequest.class);
    when(endpointRequest.getRequestURI()).thenReturn(URI.create("/chat"));
    when(endpointRequest.getHttpSession()).thenReturn(session);
    List<HandshakeSnapshot> handshakes =
        List.of(
            ServletHandshakeReader.copyOf(servletRequest, Map.of()),
            EndpointHandshakeReader.copyOf(endpointRequest, Map.of()));
    attributes.clear();
    for (HandshakeSnapshot handshake : handshakes) {
      assertEquals(Optional.of("ann"), handshake.sessionAttribute("user"));
      assertEquals(Optional.empty(), handshake.sessionAttribute("removed meanwhile"));
    }
  }

  @Test
  void anInvalidatedHttpSessionHasNoAttributes() {
    HttpSession session = mock(HttpSession.class);
    when(session.getAttributeNames()).thenThrow(new IllegalStateException("invalidated"));
    assertEquals(Map.of(), HttpSessionAccess.attributesOf(session));
  }

  private static void assertComplete(HandshakeSnapshot handshake) {
    assertEquals(Optional.of("hall"), handshake.path("room"));
    assertEquals(Optional.of("2"), handshake.query("tab"));
    assertEquals(Map.of("host", List.of("chat.example")), handshake.headers());
    assertEquals(Optional.empty(), handshake.principal());
    assertEquals(Optional.empty(), handshake.sessionAttribute("user"));
  }
}
