package dev.roomful.jakarta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;

class ChatServletTest {
  private final ServletContext context = mock(ServletContext.class);
  private final ServerContainer container = mock(ServerContainer.class);
  private final HttpServletRequest request = mock(HttpServletRequest.class);
  private final HttpServletResponse response = mock(HttpServletResponse.class);
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<Handshake> handshakes = new ArrayList<>();
  private Admission admission = AcceptedAdmission.of("ann", "hall");
  private final Chat chat =
      Chat.builder(new RoomHandler() {})
          .authenticator(
              handshake -> {
                handshakes.add(handshake);
                return admission;
              })
          .build();
  private final HttpServlet servlet =
      JakartaChat.of(chat, "/chat/{room}").withSubprotocols("roomful.v1").servlet();

  @BeforeEach
  void stubRequest() throws Exception {
    when(request.getServletContext()).thenReturn(context);
    when(context.getAttribute(ServerContainer.class.getName())).thenReturn(container);
    when(request.getMethod()).thenReturn("GET");
    when(request.getContextPath()).thenReturn("/app");
    when(request.getRequestURI()).thenReturn("/app/chat/the%20hall");
    when(request.getProtocol()).thenReturn("HTTP/1.1");
    header("Host", "chat.example");
    header("Upgrade", "WebSocket");
    header("Connection", "Upgrade");
    header("Sec-WebSocket-Version", "13");
    header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    when(request.getHeaderNames()).thenAnswer(call -> Collections.enumeration(headers.keySet()));
    when(request.getHeaders(any()))
        .thenAnswer(
            call -> Collections.enumeration(headers.getOrDefault(call.getArgument(0), List.of())));
    when(request.getHeader(any()))
        .thenAnswer(
            call ->
                headers.getOrDefault(call.getArgument(0), List.of()).stream()
                    .findFirst()
                    .orElse(null));
    when(response.getOutputStream()).thenReturn(new CapturingOutputStream(body));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  private void header(String name, String... values) {
    headers.put(name, List.of(values));
  }

  private void assertNotUpgraded() throws Exception {
    verify(container, never()).upgradeHttpToWebSocket(any(), any(), any(), any());
  }

  @Test
  void anAdmittedHandshakeIsUpgradedWithItsOwnConfigurator() throws Exception {
    servlet.service(request, response);
    ArgumentCaptor<ServerEndpointConfig> config =
        ArgumentCaptor.forClass(ServerEndpointConfig.class);
    verify(container)
        .upgradeHttpToWebSocket(
            org.mockito.ArgumentMatchers.same(request),
            org.mockito.ArgumentMatchers.same(response),
            config.capture(),
            org.mockito.ArgumentMatchers.eq(Map.of("room", "the hall")));
    assertEquals("/chat/{room}", config.getValue().getPath());
    assertEquals(List.of("roomful.v1"), config.getValue().getSubprotocols());
    assertSame(UpgradeConfigurator.class, config.getValue().getConfigurator().getClass());
    verify(response, never()).setStatus(org.mockito.ArgumentMatchers.anyInt());
  }

  @Test
  void theAuthenticatorSeesTheWholeRequest() throws Exception {
    when(request.getQueryString()).thenReturn("tab=2&tab=3&x=a%20b");
    header("X-Twice", "a", "b");
    when(request.getRemoteAddr()).thenReturn("192.0.2.7");
    when(request.getUserPrincipal()).thenReturn(() -> "ann");
    servlet.service(request, response);
    Handshake handshake = handshakes.get(0);
    assertEquals(Optional.of("the hall"), handshake.path("room"));
    assertEquals(Optional.empty(), handshake.path("id"));
    assertEquals(Optional.of("2"), handshake.query("tab"));
    assertEquals(Optional.of("a b"), handshake.query("x"));
    assertEquals(Optional.of("192.0.2.7"), handshake.remoteAddress());
    assertEquals("ann", handshake.principal().orElseThrow().getName());
    assertEquals(List.of("chat.example"), handshake.headers().get("host"));
    assertEquals(List.of("a", "b"), handshake.headers().get("x-twice"));
    assertEquals(headers.size(), handshake.headers().size());
    assertEquals(Optional.of("a"), handshake.header("X-TWICE"));
  }

  @Test
  void aTemporaryRejectionHasARetryAfterHeader() throws Exception {
    admission = new Rejection(403, "banned", "spam", Duration.ofMillis(1200));
    servlet.service(request, response);
    verify(response).setHeader("Retry-After", "2");
  }

  @Test
  void aRejectionIsAPlainHttpResponse() throws Exception {
    admission = new Rejection(403, "banned", "du bist gesperrt, für immer");
    servlet.service(request, response);
    byte[] text = "du bist gesperrt, für immer\n".getBytes(UTF_8);
    verify(response).setStatus(403);
    verify(response).setHeader("Roomful-Rejection", "banned");
    verify(response, never()).setHeader(eq("Retry-After"), any());
    verify(response).setHeader("Cache-Control", "no-store");
    verify(response).setContentType("text/plain;charset=utf-8");
    verify(response).setContentLength(text.length);
    assertEquals("du bist gesperrt, für immer\n", body.toString(UTF_8));
    assertNotUpgraded();
  }

  @Test
  void anotherPathIsNotFoundWithoutAuthentication() throws Exception {
    for (String path : List.of("/app/chat", "/app/chat/", "/app/chat/a/b")) {
      when(request.getRequestURI()).thenReturn(path);
      body.reset();
      servlet.service(request, response);
      assertEquals(
          "no chat is at this address; it is at /chat/{room}\n", body.toString(UTF_8), path);
    }
    verify(response, org.mockito.Mockito.times(3)).setStatus(404);
    assertEquals(List.of(), handshakes);
    assertNotUpgraded();
  }

  @Test
  void aRequestThatIsNoHandshakeGetsUpgradeRequired() throws Exception {
    headers.remove("Upgrade");
    servlet.service(request, response);
    assertEquals(
        "this address accepts only WebSocket connections: send Upgrade: websocket\n",
        body.toString(UTF_8));
    assertRejected(426);
    verify(response).setHeader("Upgrade", "websocket");
  }

  private void assertRejected(int status) throws Exception {
    verify(response).setStatus(status);
    assertEquals(List.of(), handshakes, "handshakes that were authenticated");
    assertNotUpgraded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "PUT", "OPTIONS", "TRACE"})
  void anotherMethodThanGetIsNotAllowed(String method) throws Exception {
    when(request.getMethod()).thenReturn(method);
    servlet.service(request, response);
    assertRejected(405);
    verify(response).setHeader("Allow", "GET");
  }

  @Test
  void aRequestOfHttp10IsABadRequest() throws Exception {
    when(request.getProtocol()).thenReturn("HTTP/1.0");
    servlet.service(request, response);
    assertRejected(400);
  }

  @Test
  void aRequestWithoutConnectionUpgradeIsABadRequest() throws Exception {
    header("Connection", "keep-alive");
    servlet.service(request, response);
    assertRejected(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "12", "14", "130", "x", ""})
  void anotherVersionIsRejectedNamingTheSupportedOne(String version) throws Exception {
    header("Sec-WebSocket-Version", version);
    servlet.service(request, response);
    assertRejected(426);
    verify(response).setHeader("Sec-WebSocket-Version", "13");
  }

  @Test
  void aMissingVersionIsRejectedNamingTheSupportedOne() throws Exception {
    headers.remove("Sec-WebSocket-Version");
    servlet.service(request, response);
    assertRejected(426);
    verify(response).setHeader("Sec-WebSocket-Version", "13");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "dGhlIHNhbXBsZQ==",
        "dGhlIHNhbXBsZSBub25jZSE=",
        "dGhlIHNhbX*sZSBub25jZQ=="
      })
  void aKeyThatIsNot16BytesInBase64IsABadRequest(String key) throws Exception {
    header("Sec-WebSocket-Key", key);
    servlet.service(request, response);
    assertRejected(400);
  }

  @Test
  void twoKeysOrNoneAreABadRequest() throws Exception {
    header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==");
    servlet.service(request, response);
    headers.remove("Sec-WebSocket-Key");
    servlet.service(request, response);
    verify(response, org.mockito.Mockito.times(2)).setStatus(400);
    assertNotUpgraded();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"id=%zz", "id=%", "%4=1", "id=%C3%28", "id=%FF", "a=1&b=%ED%A0%80", "id=\u00FF"})
  void aQueryThatIsNotPercentEncodedUtf8IsABadRequest(String query) throws Exception {
    when(request.getQueryString()).thenReturn(query);
    servlet.service(request, response);
    assertRejected(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%zz", "%", "a%4", "%C3%28", "%FF", "%ED%A0%80", "\u00FC"})
  void aPathThatIsNotPercentEncodedUtf8IsABadRequest(String room) throws Exception {
    when(request.getRequestURI()).thenReturn("/app/chat/" + room);
    servlet.service(request, response);
    assertRejected(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%2Fb", "a%2fb", "50%25", "a%5Cb", "a\\b", ".", "%2E%2e", "..;x=1", "a%252Fb"})
  void aPathParameterThatServersDecodeDifferentlyIsABadRequest(String room) throws Exception {
    when(request.getRequestURI()).thenReturn("/app/chat/" + room);
    servlet.service(request, response);
    assertRejected(400);
    assertTrue(
        body.toString(UTF_8).contains("pass such a name in the query"), body.toString(UTF_8));
  }

  @Test
  void anUpgradeHeaderMayListFurtherProtocols() throws Exception {
    header("Upgrade", "foo/2, WebSocket");
    header("Connection", "keep-alive, upgrade");
    servlet.service(request, response);
    ArgumentCaptor<HttpServletRequest> upgraded = ArgumentCaptor.forClass(HttpServletRequest.class);
    verify(container).upgradeHttpToWebSocket(upgraded.capture(), any(), any(), any());
    assertEquals("websocket", upgraded.getValue().getHeader("upgrade"));
    assertEquals(List.of("websocket"), Collections.list(upgraded.getValue().getHeaders("Upgrade")));
    assertEquals("chat.example", upgraded.getValue().getHeader("Host"));
  }

  @Test
  void aClientThatOffersOnlyUnsupportedSubprotocolsIsRejectedNamingTheSupportedOnes()
      throws Exception {
    header("Sec-WebSocket-Protocol", "mqtt, v9");
    servlet.service(request, response);
    assertRejected(400);
    assertEquals(
        "the client offers no subprotocol that is supported; supported are [roomful.v1]\n",
        body.toString(UTF_8));
  }

  @Test
  void aClientThatOffersASupportedSubprotocolAmongOthersIsUpgraded() throws Exception {
    header("Sec-WebSocket-Protocol", "mqtt", "roomful.v1");
    servlet.service(request, response);
    verify(container).upgradeHttpToWebSocket(any(), any(), any(), any());
  }

  @Test
  void aRejectionIsLogged() throws Exception {
    admission = new Rejection(403, "banned", "spam");
    when(request.getRemoteAddr()).thenReturn("192.0.2.7");
    assertEquals(
        List.of("Rejected handshake from 192.0.2.7: 403 banned: spam"),
        messagesLoggedBy(() -> servlet.service(request, response)));
    when(request.getMethod()).thenReturn("POST");
    assertEquals(1, messagesLoggedBy(() -> servlet.service(request, response)).size());
  }

  private static List<String> messagesLoggedBy(Executable action) throws Exception {
    List<String> messages = new ArrayList<>();
    Logger logger = Logger.getLogger("dev.roomful.jakarta");
    Filter previous = logger.getFilter();
    logger.setLevel(Level.FINE);
    logger.setFilter(
        entry -> {
          messages.add(entry.getMessage());
          return false;
        });
    try {
      action.execute();
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    } finally {
      logger.setFilter(previous);
      logger.setLevel(null);
    }
    return messages;
  }

  @Test
  void aContextWithoutAWebSocketContainerFailsNamingTheRemedy() {
    when(context.getAttribute(ServerContainer.class.getName())).thenReturn(null);
    ServletException failure =
        assertThrows(ServletException.class, () -> servlet.service(request, response));
    assertTrue(
        String.valueOf(failure.getMessage()).contains("add the server's WebSocket module"),
        failure.getMessage());
    assertEquals(0, chat.connections());
  }

  @Test
  void aFailedUpgradeIsAServletException() throws Exception {
    DeploymentException cause = new DeploymentException("no");
    doThrow(cause).when(container).upgradeHttpToWebSocket(any(), any(), any(), any());
    ServletException failure =
        assertThrows(ServletException.class, () -> servlet.service(request, response));
    assertSame(cause, failure.getCause());
  }

  private static final class CapturingOutputStream extends ServletOutputStream {
    private final ByteArrayOutputStream body;

    CapturingOutputStream(ByteArrayOutputStream body) {
      this.body = body;
    }

    @Override
    public void write(int one) throws IOException {
      body.write(one);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new AssertionError("written asynchronously");
    }
  }

  private void stubExtendedConnect() {
    when(request.getMethod()).thenReturn("CONNECT");
    when(request.getProtocol()).thenReturn("HTTP/2.0");
    when(request.getServerName()).thenReturn("chat.example");
    when(request.getServerPort()).thenReturn(443);
    when(request.isSecure()).thenReturn(true);
    List.of("Host", "Upgrade", "Connection", "Sec-WebSocket-Key").forEach(headers::remove);
  }

  @Test
  void anExtendedConnectOverHttp2IsUpgradedAsItIs() throws Exception {
    stubExtendedConnect();
    header("Origin", "https://chat.example");
    servlet.service(request, response);
    verify(container)
        .upgradeHttpToWebSocket(
            org.mockito.ArgumentMatchers.same(request),
            org.mockito.ArgumentMatchers.same(response),
            any(),
            any());
    assertEquals(Optional.of("chat.example"), handshakes.get(0).header("host"));
  }

  @Test
  void theAuthorityOfHttp2HasThePortIfItIsNotTheDefault() throws Exception {
    stubExtendedConnect();
    when(request.getServerPort()).thenReturn(8443);
    servlet.service(request, response);
    assertEquals(Optional.of("chat.example:8443"), handshakes.get(0).header("host"));
  }

  @Test
  void anotherRequestOverHttp2IsRejectedWithoutAnUpgradeHeader() throws Exception {
    stubExtendedConnect();
    when(request.getMethod()).thenReturn("GET");
    servlet.service(request, response);
    assertNotUpgraded();
    verify(response).setStatus(426);
    verify(response, never()).setHeader(eq("Upgrade"), any());
  }

  @Test
  void aConnectOverHttp11IsNoHandshake() throws Exception {
    when(request.getMethod()).thenReturn("CONNECT");
    servlet.service(request, response);
    assertNotUpgraded();
    verify(response).setStatus(405);
  }
}
