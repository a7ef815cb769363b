package dev.roomful.testkit;

import static dev.roomful.testkit.WireFrames.violation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A request to connect a {@link WireClient}; created by {@link WireClient#request}.
 *
 * <p>Can connect more than once. Not safe for use by several threads.
 */
public final class ConnectRequest {

  private static final String PROTOCOL = "Sec-WebSocket-Protocol";
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  private final URI uri;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private Duration timeout = Duration.ofSeconds(5);
  private int receiveBuffer;
  private @Nullable SSLContext tls;

  ConnectRequest(URI uri) {
    if (!"ws".equals(uri.getScheme()) && !"wss".equals(uri.getScheme())) {
      throw new IllegalArgumentException("connect to a ws:// or wss:// address, not to " + uri);
    }
    this.uri = uri;
  }

  /**
   * Adds a header to the request. One that the client would send itself ({@code Host}, {@code
   * Sec-WebSocket-Version}, ...) is sent as given here instead.
   *
   * @param name the header's name
   * @param value its value, sent as it is
   * @return this
   */
  public ConnectRequest header(String name, String value) {
    headers.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    return this;
  }

  /**
   * Offers subprotocols.
   *
   * @param names the subprotocols, the preferred one first
   * @return this
   */
  public ConnectRequest subprotocols(String... names) {
    return header(PROTOCOL, String.join(", ", names));
  }

  /**
   * Offers an extension. If the server accepts it, the client accepts reserved bits, but it does
   * not decode the extension's payload: see {@link Received.Binary}.
   *
   * @param extension the extension with its parameters, such as {@code permessage-deflate}
   * @return this
   */
  public ConnectRequest offer(String extension) {
    return header(EXTENSIONS, extension);
  }

  /**
   * Sets the size of the socket's receive buffer before it connects, so that a reader that stalls
   * soon stalls the server too.
   *
   * @param bytes the size asked of the system, which may round it up
   * @return this
   */
  public ConnectRequest receiveBuffer(int bytes) {
    receiveBuffer = bytes;
    return this;
  }

  /**
   * Sets the timeout of the connect, and of each later wait for the server that has none of its
   * own.
   *
   * @param timeout the timeout, by default 5 seconds
   * @return this
   */
  public ConnectRequest timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /**
   * Sets the certificates to trust at a {@code wss://} address. Host names are not verified.
   *
   * @param context an SSL context, usually one that trusts all certificates
   * @return this
   */
  public ConnectRequest tls(SSLContext context) {
    tls = context;
    return this;
  }

  /**
   * Connects, and checks that the server's handshake is what RFC 6455 section 4.1 asks for.
   *
   * @return the open client
   * @throws WireClient.Rejected if the server answered with another status than 101
   * @throws IOException if there was no answer in HTTP, or none in time
   * @throws AssertionError if the server accepted the handshake incorrectly
   */
  public WireClient connect() throws IOException {
    long deadline = SocketInput.deadline(timeout);
    Socket tcp = open(deadline);
    try {
      Socket socket = uri.getScheme().equals("wss") ? secure(tcp, deadline) : tcp;
      byte[] nonce = new byte[16];
      ThreadLocalRandom.current().nextBytes(nonce);
      String key = given("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(nonce));
      socket.getOutputStream().write(httpRequest(key).getBytes(StandardCharsets.UTF_8));
      SocketInput input = new SocketInput(socket);
      HttpResponse response = HttpResponse.read(input, deadline);
      if (response.status() != 101) {
        throw new WireClient.Rejected(response, response.body(input, deadline));
      }
      verify(response, key);
      return new WireClient(tcp, socket.getOutputStream(), input, response, timeout);
    } catch (IOException | RuntimeException | Error e) {
      tcp.close();
      throw e;
    }
  }

  private Socket open(long deadline) throws IOException {
    IOException failure = new IOException("no address for " + uri);
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      Socket tcp = new Socket();
      try {
        tcp.setTcpNoDelay(true);
        if (receiveBuffer > 0) {
          // Set before connecting: TCP fixes its window scale in the handshake.
          tcp.setReceiveBufferSize(receiveBuffer);
        }
        tcp.connect(
            new InetSocketAddress(address, port()), Math.max(SocketInput.millisUntil(deadline), 1));
        return tcp;
      } catch (IOException e) {
        tcp.close();
        failure = e;
      }
    }
    throw failure;
  }

  private Socket secure(Socket tcp, long deadline) throws IOException {
    SSLContext context = tls;
    if (context == null) {
      throw new IllegalStateException("no trust settings for " + uri + ": call tls(context) first");
    }
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(tcp, uri.getHost(), port(), true);
    socket.setSoTimeout(Math.max(SocketInput.millisUntil(deadline), 1));
    socket.startHandshake();
    return socket;
  }

  private int port() {
    int standard = uri.getScheme().equals("wss") ? 443 : 80;
    return uri.getPort() < 0 ? standard : uri.getPort();
  }

  private String given(String name, String otherwise) {
    return headers.getOrDefault(name, List.of(otherwise)).get(0);
  }

  private String httpRequest(String key) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("Host", List.of(uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())));
    all.put("Upgrade", List.of("websocket"));
    all.put("Connection", List.of("Upgrade"));
    all.put("Sec-WebSocket-Version", List.of("13"));
    all.put("Sec-WebSocket-Key", List.of(key));
    all.putAll(headers);
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder request = new StringBuilder("GET " + path + query + " HTTP/1.1\r\n");
    all.forEach(
        (name, values) ->
            values.forEach(
                value -> request.append(name).append(": ").append(value).append("\r\n")));
    return request.append("\r\n").toString();
  }

  private void verify(HttpResponse response, String key) {
    if (!holds(response.list("Upgrade"), "websocket")
        || !holds(response.list("Connection"), "upgrade")) {
      throw violation("4.1", "it answered 101 without an upgrade: " + response.headers());
    }
    List<String> accept = response.list("Sec-WebSocket-Accept");
    if (!accept.equals(List.of(accept(key)))) {
      throw violation("4.1", "Sec-WebSocket-Accept is " + accept + ", not " + accept(key));
    }
    List<String> subprotocols = response.list(PROTOCOL);
    if (subprotocols.size() > 1 || !offered(PROTOCOL).containsAll(subprotocols)) {
      throw violation(
          "4.1", "it chose " + subprotocols + " of the subprotocols " + offered(PROTOCOL));
    }
    List<String> extensions = names(response.list(EXTENSIONS));
    if (!names(offered(EXTENSIONS)).containsAll(extensions)) {
      throw violation("4.1", "it chose " + extensions + " of extensions " + offered(EXTENSIONS));
    }
  }

  private List<String> offered(String header) {
    return HttpResponse.tokens(headers.getOrDefault(header, List.of()));
  }

  private static List<String> names(List<String> extensions) {
    return extensions.stream().map(extension -> extension.split(";", -1)[0].strip()).toList();
  }

  private static boolean holds(List<String> tokens, String token) {
    return tokens.stream().anyMatch(token::equalsIgnoreCase);
  }

  private static String accept(String key) {
    try {
      byte[] salted =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(salted));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
