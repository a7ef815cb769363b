package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.transport.Gateway;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A WebSocket server with a thread for each connection, where handlers may block. */
final class SocketServer implements AutoCloseable {
  private final Gateway gateway;
  private static final int MAX_LINE = 16 << 10;
  private static final int MAX_HEADERS = 100;
  private static final Pattern AMBIGUOUS = Pattern.compile("(?i)%2[5ef]|%5c|%c0|;");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private final String path;
  private final Supplier<Function<byte[], byte[]>> wires;
  private final ServerSocket listening;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  SocketServer(Gateway gateway, String path) throws IOException {
    this(gateway, path, Function::identity);
  }

  /**
   * Creates a server that changes what it sends.
   *
   * @param wires creates what changes the batches of one connection
   */
  SocketServer(Gateway gateway, String path, Supplier<Function<byte[], byte[]>> wires)
      throws IOException {
    this.gateway = gateway;
    this.path = path;
    this.wires = wires;
    this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  static void start(Runnable task) {
    Thread thread = new Thread(task, "socket-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16 << 10));
      String target = line(in).split(" ", -1)[1];
      Map<String, List<String>> headers = new HashMap<>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        if (headers.size() == MAX_HEADERS) {
          throw new IOException("more than " + MAX_HEADERS + " headers");
        }
        String[] both = line.split(":", 2);
        headers
            .computeIfAbsent(both[0].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
            .add(both[1].strip());
      }
      List<String> key = headers.get("sec-websocket-key");
      String where = target.split("\\?", 2)[0];
      if (where.split("/", -1).length != path.split("/", -1).length) {
        answer(socket, 404, "nothing is here");
      } else if (AMBIGUOUS.matcher(where).find()) {
        answer(socket, 400, "a part of the path is ambiguous");
      } else if (key == null || !KEY.matcher(key.get(0)).matches()) {
        answer(socket, 400, "this server accepts WebSocket handshakes only");
      } else if (!List.of("13").equals(headers.get("sec-websocket-version"))) {
        answer(socket, 426, "only version 13 is supported");
      } else {
        Request request = new Request(MemoryHandshake.of(path, target, Map.of()), headers, socket);
        Admission admission =
            request.subprotocols().isEmpty()
                ? gateway.admit(request)
                : Rejection.of(400, "no subprotocol is supported");
        if (admission instanceof Rejection rejection) {
          answer(socket, rejection.status(), rejection.reason());
        } else {
          upgrade(socket, key.get(0));
          SocketLink link =
              new SocketLink(socket, in, gateway.limits().messageBytes(), wires.get());
          link.read(gateway.open((AcceptedAdmission) admission, link));
        }
      }
    } catch (IOException lost) {
      // The handshake was not complete.
    } finally {
      sockets.remove(socket);
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.readByte(); next != '\n'; next = in.readByte()) {
      line.append((char) next);
      if (line.length() > MAX_LINE) {
        throw new IOException("a line is longer than " + MAX_LINE + " bytes");
      }
    }
    return line.toString().strip();
  }

  private static void answer(Socket socket, int status, String reason) throws IOException {
    byte[] body = reason.getBytes(UTF_8);
    String head = "HTTP/1.1 " + status + " No\r\nContent-Length: " + body.length + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(ISO_8859_1));
    socket.getOutputStream().write(body);
  }

  private static void upgrade(Socket socket, String key) throws IOException {
    String head =
        "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
    socket.getOutputStream().write((head + accept(key) + "\r\n\r\n").getBytes(ISO_8859_1));
  }

  private static String accept(String key) {
    try {
      byte[] salted = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(salted));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** The handshake of a request. */
  private record Request(MemoryHandshake address, Map<String, List<String>> headers, Socket socket)
      implements Handshake {
    @Override
    public Optional<String> path(String name) {
      return address.path(name);
    }

    @Override
    public Optional<String> query(String name) {
      return address.query(name);
    }

    @Override
    public Optional<String> remoteAddress() {
      return Optional.of(socket.getInetAddress().getHostAddress());
    }

    @Override
    public Optional<Principal> principal() {
      return Optional.empty();
    }
  }
}
