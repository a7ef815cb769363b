package dev.roomful.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A TCP proxy that can drop what the server sends on connections that have a subscription. */
final class HalfDeadProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<AtomicBoolean> subscribed = new CopyOnWriteArrayList<>();
  private volatile List<AtomicBoolean> muted = List.of();

  HalfDeadProxy(int target) throws IOException {
    this.target = target;
    start(
        () -> {
          while (true) {
            connect(listener.accept());
          }
        });
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Mutes the connections that have a subscription now; later ones are not affected. */
  void muteSubscriptions() {
    muted = List.copyOf(subscribed);
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    sockets.addAll(List.of(client, server));
    AtomicBoolean hasSubscription = new AtomicBoolean();
    start(
        () ->
            carry(
                client,
                server,
                bytes -> {
                  if (bytes.contains("SSUBSCRIBE") && hasSubscription.compareAndSet(false, true)) {
                    subscribed.add(hasSubscription);
                  }
                  return true;
                }));
    start(
        () -> carry(server, client, bytes -> muted.stream().noneMatch(m -> m == hasSubscription)));
  }

  private interface Filter {
    boolean passes(String bytes);
  }

  private static void carry(Socket from, Socket to, Filter filter) throws IOException {
    try (from;
        to) {
      byte[] bytes = new byte[8192];
      for (int count; (count = from.getInputStream().read(bytes)) >= 0; ) {
        if (filter.passes(new String(bytes, 0, count, StandardCharsets.ISO_8859_1))) {
          to.getOutputStream().write(bytes, 0, count);
        }
      }
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException closed) {
                // Closing a socket ends the thread.
              }
            },
            "half-dead-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
