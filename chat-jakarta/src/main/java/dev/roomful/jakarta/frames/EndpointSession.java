package dev.roomful.jakarta.frames;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Extension;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A connection as the endpoint of {@code chat-jakarta} sees it: it identifies the connection, and
 * closes it with its HTTP session. Messages do not pass through it, and nobody else gets it, so
 * most methods of the interface are not supported.
 */
final class EndpointSession implements Session {
  private final ClientConnection connection;

  EndpointSession(ClientConnection connection) {
    this.connection = connection;
  }

  ClientConnection connection() {
    return connection;
  }

  @Override
  public String getId() {
    return Integer.toHexString(System.identityHashCode(connection));
  }

  /** Does nothing: there is no idle timeout. */
  @Override
  public void setMaxIdleTimeout(long milliseconds) {}

  @Override
  public long getMaxIdleTimeout() {
    return 0;
  }

  /** Does nothing: messages go to the chat's receiver directly. */
  @Override
  public <T> void addMessageHandler(Class<T> type, MessageHandler.Partial<T> handler) {}

  /** Does nothing: messages go to the chat's receiver directly. */
  @Override
  public <T> void addMessageHandler(Class<T> type, MessageHandler.Whole<T> handler) {}

  @Override
  public void close() {
    connection.close(CloseReason.CloseCodes.NORMAL_CLOSURE.getCode(), "");
  }

  @Override
  public void close(CloseReason reason) {
    String phrase = reason.getReasonPhrase();
    connection.close(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
  }

  /** {@return none: an endpoint with its own handshake keeps nothing here} */
  @Override
  public Map<String, Object> getUserProperties() {
    return Map.of();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("the chat does not use this part of a session");
  }

  @Override
  public WebSocketContainer getContainer() {
    throw unsupported();
  }

  @Override
  public void addMessageHandler(MessageHandler handler) {
    throw unsupported();
  }

  @Override
  public Set<MessageHandler> getMessageHandlers() {
    throw unsupported();
  }

  @Override
  public void removeMessageHandler(MessageHandler handler) {
    throw unsupported();
  }

  @Override
  public String getProtocolVersion() {
    throw unsupported();
  }

  @Override
  public String getNegotiatedSubprotocol() {
    throw unsupported();
  }

  @Override
  public List<Extension> getNegotiatedExtensions() {
    throw unsupported();
  }

  @Override
  public boolean isSecure() {
    throw unsupported();
  }

  @Override
  public boolean isOpen() {
    throw unsupported();
  }

  @Override
  public void setMaxBinaryMessageBufferSize(int length) {
    throw unsupported();
  }

  @Override
  public int getMaxBinaryMessageBufferSize() {
    throw unsupported();
  }

  @Override
  public void setMaxTextMessageBufferSize(int length) {
    throw unsupported();
  }

  @Override
  public int getMaxTextMessageBufferSize() {
    throw unsupported();
  }

  @Override
  public RemoteEndpoint.Async getAsyncRemote() {
    throw unsupported();
  }

  @Override
  public RemoteEndpoint.Basic getBasicRemote() {
    throw unsupported();
  }

  @Override
  public URI getRequestURI() {
    throw unsupported();
  }

  @Override
  public Map<String, List<String>> getRequestParameterMap() {
    throw unsupported();
  }

  @Override
  public String getQueryString() {
    throw unsupported();
  }

  @Override
  public Map<String, String> getPathParameters() {
    throw unsupported();
  }

  @Override
  public Principal getUserPrincipal() {
    throw unsupported();
  }

  @Override
  public Set<Session> getOpenSessions() {
    throw unsupported();
  }
}
