package dev.roomful.jakarta;

import dev.roomful.Chat;
import dev.roomful.admission.Rejection;
import dev.roomful.transport.Gateway;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Objects;

/**
 * A chat for any container of the Jakarta WebSocket API 2.1: as a servlet, where there are
 * servlets, or as an endpoint. Immutable; each setter gives a changed copy.
 *
 * <pre>{@code
 * servletContext
 *     .addServlet("chat", JakartaChat.of(chat, "/ws/{id}").servlet())
 *     .addMapping("/ws/*");
 * }</pre>
 *
 * <p>The application's own filters run before the servlet. A refusal of the doorman is a plain HTTP
 * response with its status, its reason as text, and its code in the header {@code Roomful-Refusal}.
 */
public final class JakartaChat {
  private final Chat chat;
  private final Gateway gateway;
  private final PathTemplate path;
  private final List<String> subprotocols;
  private final ServerBinding binding;

  private JakartaChat(
      Chat chat,
      Gateway gateway,
      PathTemplate path,
      List<String> subprotocols,
      ServerBinding binding) {
    this.chat = chat;
    this.gateway = gateway;
    this.path = path;
    this.subprotocols = subprotocols;
    this.binding = binding;
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
   * @throws IllegalArgumentException if the path does not start with a slash, or a parameter is no
   *     whole segment or its name is used twice
   */
  public static JakartaChat of(Chat chat, String path) {
    return new JakartaChat(
        chat, chat.gateway(), PathTemplate.of(path), List.of(), ServerBinding.plain());
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
    return new JakartaChat(chat, gateway, path, List.of(names), binding);
  }

  /**
   * By which of the chat's doors connections come in: a dialect has one of its own, with the {@link
   * Gateway#subprotocols} that it speaks.
   *
   * @param gateway by default {@link Chat#gateway}
   * @return a changed copy
   */
  public JakartaChat withGateway(Gateway gateway) {
    return new JakartaChat(chat, gateway, path, gateway.subprotocols(), binding);
  }

  /**
   * How connections are read and written; for adapters to one server.
   *
   * @param binding by default {@link ServerBinding#plain}
   * @return a changed copy
   */
  public JakartaChat withBinding(ServerBinding binding) {
    return new JakartaChat(
        chat, gateway, path, subprotocols, Objects.requireNonNull(binding, "wiring"));
  }

  /**
   * What is mounted.
   *
   * @return the chat
   */
  public Chat chat() {
    return chat;
  }

  /**
   * The pattern to map the servlet to.
   *
   * @return an exact path, or one that ends in {@code /*} if the path has parameters
   */
  public String servletMapping() {
    return path.servletMapping();
  }

  /**
   * Returns a new servlet, to be mapped to {@link #servletMapping}. It rejects requests that are no
   * WebSocket handshake (RFC 6455 section 4.2.1) before the authenticator sees them: with 404 for a
   * path that does not match, 405 for a method other than GET, 426 without {@code Upgrade:
   * websocket} or for another version than 13, and 400 for other errors.
   *
   * @return a new servlet
   */
  public HttpServlet servlet() {
    return new ChatServlet(this);
  }

  /**
   * The chat as an endpoint, for a container without servlets.
   *
   * @param rejector how this container refuses a handshake
   * @return the configuration to deploy
   */
  public ServerEndpointConfig endpoint(HandshakeRejector rejector) {
    return ServerEndpointConfig.Builder.create(ChatEndpoint.class, path.toString())
        .subprotocols(subprotocols)
        .configurator(new AdmittingConfigurator(this, rejector))
        .build();
  }

  /**
   * How a container without servlets refuses a handshake, for which the Jakarta API has no call:
   * most have an exception of their own for it.
   */
  @FunctionalInterface
  public interface HandshakeRejector {
    /**
     * Refuses, by throwing what the container understands.
     *
     * @param response the response, which may take headers
     * @param rejection the status and the reason
     * @throws Exception to refuse
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
}
