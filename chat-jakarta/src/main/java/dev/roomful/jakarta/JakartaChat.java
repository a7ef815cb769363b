package dev.roomful.jakarta;

import dev.roomful.Chat;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.transport.Gateway;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mount of a chat in any container of Jakarta WebSocket 2.1: as a servlet, or as an endpoint
 * where there are no servlets. Immutable; each {@code with} method returns a changed copy.
 *
 * <pre>{@code
 * JakartaChat.of(chat, "/ws/{id}").addTo(servletContext);
 * }</pre>
 *
 * <p>The application's own filters run before the servlet. A rejection is a plain HTTP response
 * with its status, its reason as text, and its code in the header {@code Roomful-Rejection}.
 *
 * <p>The mount owns the chat unless {@link #withCloseOnDestroy} says otherwise: when the container
 * destroys the servlet, because the application is undeployed or the server stops, the chat is
 * closed, and no thread and no class loader of the application stays behind.
 */
public final class JakartaChat {
  private final Chat chat;
  private final PathTemplate path;

  // Set before a copy is returned, and never after.
  private Gateway gateway;
  private List<String> subprotocols = List.of();
  private ServerBinding binding = ServerBinding.plain();
  private boolean closeOnDestroy = true;
  private boolean closeOnSessionEnd = true;
  private @Nullable TrustedProxies trustedProxies;

  private JakartaChat(Chat chat, PathTemplate path, Gateway gateway) {
    this.chat = chat;
    this.path = path;
    this.gateway = gateway;
  }

  private JakartaChat copy() {
    JakartaChat copy = new JakartaChat(chat, path, gateway);
    copy.subprotocols = subprotocols;
    copy.binding = binding;
    copy.closeOnDestroy = closeOnDestroy;
    copy.closeOnSessionEnd = closeOnSessionEnd;
    copy.trustedProxies = trustedProxies;
    return copy;
  }

  /**
   * Returns a mount of a chat at a path.
   *
   * <p>Servers decode some characters of a path differently or not at all. Therefore a request is
   * rejected with 400 if a segment of its path is {@code .} or {@code ..}, or contains a slash, a
   * backslash or a percent sign in encoded form. An application whose rooms or ids may have such
   * names passes them in the query, {@code /chat?room=a%2Fb}, and reads them with {@link
   * dev.roomful.admission.Handshake#query}.
   *
   * @param chat the chat
   * @param path a path below the context path, such as {@code /chat/{room}}; a segment in braces is
   *     a parameter, which the authenticator reads with {@link
   *     dev.roomful.admission.Handshake#path}
   * @return the mount, with the plain binding
   * @throws IllegalArgumentException if the path does not start with a slash, contains a wildcard
   *     or an escape, or a parameter is no whole segment or its name is used twice
   */
  public static JakartaChat of(Chat chat, String path) {
    return new JakartaChat(chat, PathTemplate.of(path), Gateway.of(chat));
  }

  /**
   * Sets the supported subprotocols, in place of those of the {@link #withGateway gateway}. The
   * first that a client offers and that is supported is selected (RFC 6455 section 4.2.2). A client
   * that offers subprotocols of which none is supported is rejected with 400: browsers would fail
   * the connection after it has opened.
   *
   * @param names the names, by default none
   * @return a changed copy
   */
  public JakartaChat withSubprotocols(String... names) {
    JakartaChat copy = copy();
    copy.subprotocols = List.of(names);
    return copy;
  }

  /**
   * Sets the gateway through which connections enter the chat, and its {@link
   * Gateway#subprotocols}: a protocol such as Centrifuge has a gateway of its own.
   *
   * @param gateway a gateway of the same chat, by default {@code Gateway.of(chat)}
   * @return a changed copy
   * @throws IllegalArgumentException if the gateway belongs to another chat
   */
  public JakartaChat withGateway(Gateway gateway) {
    if (gateway.chat() != chat) {
      throw new IllegalArgumentException(
          "gateway "
              + gateway
              + " belongs to another chat than the one at "
              + path
              + ": create the gateway with the chat that is mounted");
    }
    JakartaChat copy = copy();
    copy.gateway = gateway;
    copy.subprotocols = gateway.subprotocols();
    return copy;
  }

  /**
   * Sets how connections are read and written; for adapters to one server.
   *
   * @param binding by default {@link ServerBinding#plain}
   * @return a changed copy
   */
  public JakartaChat withBinding(ServerBinding binding) {
    JakartaChat copy = copy();
    copy.binding = Objects.requireNonNull(binding, "binding");
    return copy;
  }

  /**
   * Sets whether the chat is closed when the container destroys the {@link #servlet}. Of a chat
   * that is mounted in several applications, or used after its application, the owner closes it.
   *
   * @param close by default true
   * @return a changed copy
   */
  public JakartaChat withCloseOnDestroy(boolean close) {
    JakartaChat copy = copy();
    copy.closeOnDestroy = close;
    return copy;
  }

  /**
   * Sets whether a connection is closed with 1008 when the HTTP session of its handshake is
   * invalidated or expires, so that a logout ends it (Jakarta WebSocket 2.1 section 7.2). A
   * handshake without an HTTP session is not affected.
   *
   * <p>Messages are no requests: a session expires while its user chats, unless the page sends
   * requests or {@link jakarta.servlet.http.HttpSession#setMaxInactiveInterval} is long enough. An
   * application that has sessions for other reasons than a login sets this to false. Sessions that
   * are loaded from a store at each request, as Spring Session does, do not report their end.
   *
   * @param close by default true; Tomcat closes connections with a principal in any case
   * @return a changed copy
   */
  public JakartaChat withCloseOnSessionEnd(boolean close) {
    JakartaChat copy = copy();
    copy.closeOnSessionEnd = close;
    return copy;
  }

  /**
   * Sets the proxies whose word about the client's address counts, so that {@link
   * dev.roomful.admission.Handshake#remoteAddress} is the client's and not the proxy's. The header
   * is read from its end, for as long as the addresses are those of these proxies; what a client
   * put there itself has no effect. Not for a server that already reads such headers, and not for
   * an {@link #endpoint}, which does not know the address.
   *
   * @param header the header to which each of these proxies appends the address that it was called
   *     from: {@code X-Forwarded-For}, {@code Forwarded} (RFC 7239), or another list of addresses
   * @param proxies their addresses, or ranges such as {@code 10.0.0.0/8}; none by default
   * @return a changed copy
   * @throws IllegalArgumentException if an entry is no address and no range
   */
  public JakartaChat withTrustedProxies(String header, String... proxies) {
    JakartaChat copy = copy();
    copy.trustedProxies = new TrustedProxies(header, List.of(proxies));
    return copy;
  }

  /** {@return the chat that is mounted} */
  public Chat chat() {
    return chat;
  }

  /** {@return whether the chat is closed with the servlet or, in an adapter, with its server} */
  public boolean closesOnDestroy() {
    return closeOnDestroy;
  }

  /**
   * Returns the pattern to map the servlet to.
   *
   * @return an exact path, or one that ends in {@code /*} if the path has parameters
   */
  public String servletMapping() {
    return path.servletMapping();
  }

  /**
   * Adds the {@link #servlet} to a servlet context, mapped and loaded on start-up. To be called
   * while the context starts, as in a {@link jakarta.servlet.ServletContextListener}.
   *
   * @param context the context
   * @throws IllegalStateException if another servlet has the same mapping, or the context has
   *     started
   */
  public void addTo(ServletContext context) {
    String mapping = servletMapping();
    ServletRegistration.Dynamic registration = context.addServlet("roomful " + mapping, servlet());
    if (registration == null || !registration.addMapping(mapping).isEmpty()) {
      throw new IllegalStateException(
          "another servlet is mapped to "
              + mapping
              + ": mount the chat at a path that differs before its first parameter");
    }
    registration.setLoadOnStartup(1); // Containers destroy only servlets that were loaded.
  }

  /**
   * Returns a new servlet, to be mapped to {@link #servletMapping} and loaded on start-up, as
   * {@link #addTo} does. It rejects requests that are no WebSocket handshake (RFC 6455 section
   * 4.2.1) before the authenticator sees them: with 404 for a path that does not match, 405 for a
   * method other than GET, 426 without {@code Upgrade: websocket} or for another version than 13,
   * and 400 for other errors.
   *
   * @return a new servlet
   */
  public HttpServlet servlet() {
    return new ChatServlet(this);
  }

  /**
   * Returns the configuration of an endpoint, to be deployed in a container without servlets. The
   * application closes the chat.
   *
   * @param rejector how this container rejects a handshake
   * @return the configuration to deploy
   */
  public ServerEndpointConfig endpoint(HandshakeRejector rejector) {
    return ServerEndpointConfig.Builder.create(ChatEndpoint.class, path.toString())
        .subprotocols(subprotocols)
        .configurator(new AdmittingConfigurator(this, rejector))
        .build();
  }

  /**
   * Rejects a handshake in a container without servlets. The Jakarta API has no call for it; most
   * containers have an exception of their own.
   */
  @FunctionalInterface
  public interface HandshakeRejector {
    /**
     * Rejects the handshake by throwing the container's exception.
     *
     * @param response the response, to which headers may be added
     * @param rejection the status and the reason
     * @throws Exception the container's exception, always
     */
    void reject(HandshakeResponse response, Rejection rejection) throws Exception;
  }

  PathTemplate path() {
    return path;
  }

  Gateway gateway() {
    return gateway;
  }

  List<String> subprotocols() {
    return subprotocols;
  }

  ServerBinding binding() {
    return binding;
  }

  Optional<Rejection> checkSubprotocols(Handshake handshake) {
    return HandshakeRules.checkSubprotocols(handshake, subprotocols)
        .map(rejection -> gateway.subprotocolRejection(handshake.subprotocols()).orElse(rejection));
  }

  @Nullable TrustedProxies trustedProxies() {
    return trustedProxies;
  }

  boolean closesOnSessionEnd() {
    return closeOnSessionEnd;
  }
}
