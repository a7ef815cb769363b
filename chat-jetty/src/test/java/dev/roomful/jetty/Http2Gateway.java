package dev.roomful.jetty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * A gateway from HTTP/1.1 to HTTP/2, through which the clients of the contract reach a server of
 * HTTP/2 only. A handshake becomes an extended CONNECT (RFC 8441), the connection a stream. All
 * streams share one HTTP/2 connection, as those of a browser do. FIN and RST of a client become the
 * end and the reset of its stream, and the other way round; a client that does not read closes the
 * flow control window of its stream.
 */
final class Http2Gateway {
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "upgrade", "sec-websocket-key", "host");
  private static final int STREAM_WINDOW = 64 * 1024;

  private final HTTP2Client http2 = new HTTP2Client();
  private final Session session;
  private final String authority;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "gateway");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param port the port of a server on the loopback address, which accepts HTTP/2 without TLS
   */
  Http2Gateway(int port) throws Exception {
    authority = "127.0.0.1:" + port;
    http2.setInitialStreamRecvWindow(STREAM_WINDOW);
    http2.setInitialSessionRecvWindow(1024 * STREAM_WINDOW);
    http2.setIdleTimeout(0);
    http2.start();
    session =
        http2
            .connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new Session.Listener() {})
            .get(5, TimeUnit.SECONDS);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      sockets.forEach(Http2Gateway::reset);
    }
  }

  private void serve(Socket socket) {
    try {
      socket.setTcpNoDelay(true);
      List<String> head = readHead(socket.getInputStream());
      new Tunnel(socket, head).open();
    } catch (IOException | InterruptedException failure) {
      reset(socket);
    }
  }

  private static List<String> readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the client sent no request");
      }
      head.write(next);
    }
    return List.of(head.toString(StandardCharsets.UTF_8).strip().split("\r\n", -1));
  }

  /** Sends RST. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyClosed) {
      // Nothing is left to reset.
    }
  }

  void stop() throws Exception {
    listener.close();
    sockets.forEach(Http2Gateway::reset);
    http2.stop();
    threads.shutdownNow();
  }

  /** One client and its stream. */
  private final class Tunnel implements Stream.Listener {
    private final Socket socket;
    private final List<String> head;
    private final CompletableFuture<MetaData.Response> response = new CompletableFuture<>();
    private final BlockingQueue<Stream.Data> received = new LinkedBlockingQueue<>();

    Tunnel(Socket socket, List<String> head) {
      this.socket = socket;
      this.head = head;
    }

    void open() throws IOException, InterruptedException {
      Stream stream;
      MetaData.Response answer;
      try {
        stream =
            session
                .newStream(new HeadersFrame(request(), null, false), this)
                .get(5, TimeUnit.SECONDS);
        stream.setIdleTimeout(0);
        answer = response.get();
      } catch (ExecutionException | java.util.concurrent.TimeoutException failure) {
        throw new IOException(failure);
      }
      boolean accepted = answer.getStatus() == 200;
      writeHead(answer, accepted);
      if (accepted) {
        threads.execute(() -> copyFromClient(stream));
      }
      copyToClient(stream);
    }

    private MetaData.ConnectRequest request() {
      HttpFields.Mutable fields = HttpFields.build();
      for (String line : head.subList(1, head.size())) {
        int colon = line.indexOf(':');
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!HOP_BY_HOP.contains(name)) {
          fields.add(name, line.substring(colon + 1).strip());
        }
      }
      String target = head.get(0).split(" ", -1)[1];
      return new MetaData.ConnectRequest(
          "http", new HostPortHttpField(authority), target, fields, "websocket");
    }

    private String header(String wanted) {
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(wanted + ":"))
          .map(line -> line.substring(wanted.length() + 1).strip())
          .findFirst()
          .orElse("");
    }

    private void writeHead(MetaData.Response answer, boolean accepted) throws IOException {
      StringBuilder text =
          new StringBuilder("HTTP/1.1 ")
              .append(accepted ? "101" : Integer.toString(answer.getStatus()))
              .append(" From HTTP/2\r\n");
      for (HttpField field : answer.getHttpFields()) {
        text.append(field.getName()).append(": ").append(field.getValue()).append("\r\n");
      }
      if (accepted) {
        text.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
            .append(accept(header("sec-websocket-key")))
            .append("\r\n");
      }
      socket
          .getOutputStream()
          .write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private void copyFromClient(Stream stream) {
      byte[] buffer = new byte[16 * 1024];
      try {
        InputStream in = socket.getInputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          ByteBuffer copy = ByteBuffer.allocate(length).put(buffer, 0, length).flip();
          stream.data(new DataFrame(stream.getId(), copy, false)).get();
        }
        stream.data(new DataFrame(stream.getId(), BufferUtil.EMPTY_BUFFER, true)).get();
      } catch (IOException | ExecutionException | InterruptedException lost) {
        stream.reset(
            new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
      }
    }

    private void copyToClient(Stream stream) throws IOException, InterruptedException {
      OutputStream out = socket.getOutputStream();
      for (boolean last = false; !last; ) {
        Stream.Data data = received.take();
        try {
          out.write(BufferUtil.toArray(data.frame().getByteBuffer()));
          last = data.frame().isEndStream();
        } catch (IOException lost) {
          stream.reset(
              new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
          throw lost;
        } finally {
          data.release();
        }
        if (!last) {
          stream.demand();
        }
      }
      socket.shutdownOutput();
    }

    @Override
    public void onHeaders(Stream stream, HeadersFrame frame) {
      response.complete((MetaData.Response) frame.getMetaData());
      if (frame.isEndStream()) {
        received.add(Stream.Data.eof(stream.getId()));
      } else {
        stream.demand();
      }
    }

    /** At most one is in the queue: the next is demanded when the client has taken this one. */
    @Override
    public void onDataAvailable(Stream stream) {
      Stream.Data data = stream.readData();
      if (data == null) {
        stream.demand();
      } else {
        received.add(data);
      }
    }

    @Override
    public void onReset(Stream stream, ResetFrame frame, Callback callback) {
      onFailure(stream, frame.getError(), "reset by the server", new IOException(), callback);
    }

    /** The connection to the server was lost. */
    @Override
    public void onFailure(
        Stream stream, int error, String reason, Throwable failure, Callback callback) {
      response.completeExceptionally(new IOException("the stream has failed: " + reason));
      Http2Gateway.reset(socket);
      callback.succeeded();
    }
  }

  private static String accept(String key) {
    try {
      byte[] salted =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(salted));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-1", impossible);
    }
  }
}
