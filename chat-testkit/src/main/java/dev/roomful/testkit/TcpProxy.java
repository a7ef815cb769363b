package dev.roomful.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy between clients and a server that can be cut: all connections are then reset, and new
 * ones are reset until it is restored, as they are while the server does not listen. Forwards any
 * bytes. Safe for use by many threads; its own threads are daemons named {@code tcp-proxy}, and end
 * when it is closed.
 */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> ends = new HashSet<>();

  /** Those of the ends that lead to clients. */
  private final Set<Socket> clients = new HashSet<>();

  private URI target;
  private boolean cut;
  private volatile boolean muted;
  private volatile Duration delay = Duration.ZERO;
  private volatile int bytesPerSecond = Integer.MAX_VALUE;
  private boolean stalled;
  private boolean halfClosed;

  /**
   * Starts a proxy on a free port.
   *
   * @param target the address of the server
   * @throws IOException if there is no port left to listen on
   */
  public TcpProxy(URI target) throws IOException {
    this.target = target;
    start(this::answer);
  }

  /**
   * Returns the address that clients use instead of the server's.
   *
   * @return the server's address with the host and port of this proxy
   */
  public synchronized URI address() {
    String authority = "127.0.0.1:" + listener.getLocalPort();
    return URI.create(target.getScheme() + "://" + authority + target.getRawPath());
  }

  /**
   * Connects later clients to another server. Present connections do not change.
   *
   * @param newTarget the address of the server
   */
  public synchronized void redirect(URI newTarget) {
    target = newTarget;
  }

  /**
   * Resets all connections.
   *
   * @throws IOException if one of them cannot be closed
   */
  public synchronized void cut() throws IOException {
    cut = true;
    for (Socket end : ends) {
      reset(end);
    }
    ends.clear();
    clients.clear();
    notifyAll(); // stalled ones end
  }

  /** Drops everything that the server sends, until the connections are cut. */
  public void mute() {
    muted = true;
  }

  /**
   * Holds back everything in both directions, and sends it after {@link #restore}, as a network
   * does that loses packets for a while. New connections are accepted, and stall too.
   */
  public synchronized void stall() {
    stalled = true;
  }

  /**
   * Sends each part of the data later.
   *
   * @param each how much later; parts that follow each other wait one after the other
   */
  public void delay(Duration each) {
    delay = each;
  }

  /**
   * Sends data at a limited rate, in each direction of each connection.
   *
   * @param bytesPerSecond the rate, at least 1
   */
  public void throttle(int bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Ends what the server sends on all connections, while what clients send still arrives until they
   * close. New connections end in the same way until {@link #restore}.
   *
   * @throws IOException if one of them cannot be half-closed
   */
  public synchronized void halfClose() throws IOException {
    halfClosed = true;
    for (Socket client : clients) {
      endOutput(client);
    }
  }

  /** Accepts new connections again, and ends all that {@link #stall} and the others began. */
  public synchronized void restore() {
    cut = false;
    muted = false;
    stalled = false;
    halfClosed = false;
    bytesPerSecond = Integer.MAX_VALUE;
    delay = Duration.ZERO;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException cutOrClosed) {
                // Closing the socket ends the thread.
              }
            },
            "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private interface Task {
    void run() throws IOException;
  }

  private void answer() throws IOException {
    while (true) {
      connect(listener.accept());
    }
  }

  private synchronized void connect(Socket client) throws IOException {
    if (cut) {
      reset(client);
      return;
    }
    Socket server;
    try {
      server = new Socket(target.getHost(), target.getPort());
    } catch (IOException notListening) {
      reset(client);
      return;
    }
    // The ends decide what is sent together, not the proxy.
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    ends.add(client);
    ends.add(server);
    clients.add(client);
    if (halfClosed) {
      endOutput(client);
    }
    start(() -> carry(client, server, false));
    start(() -> carry(server, client, true));
  }

  private void carry(Socket from, Socket to, boolean fromServer) throws IOException {
    try (from;
        to) {
      byte[] bytes = new byte[8192];
      for (int count; (count = from.getInputStream().read(bytes)) >= 0; ) {
        if ((!muted || !fromServer) && !to.isOutputShutdown()) {
          awaitTurn(from, count);
          to.getOutputStream().write(bytes, 0, count);
        }
      }
    } finally {
      forget(from);
    }
  }

  private void awaitTurn(Socket from, int count) throws IOException {
    long sending = TimeUnit.SECONDS.toNanos(count) / bytesPerSecond;
    long deadline = System.nanoTime() + delay.toNanos() + sending;
    for (long left; (left = deadline - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
    synchronized (this) {
      while (stalled && ends.contains(from)) {
        try {
          wait();
        } catch (InterruptedException interrupted) {
          throw new IOException("interrupted", interrupted);
        }
      }
    }
  }

  private synchronized void forget(Socket end) {
    ends.remove(end);
    clients.remove(end);
  }

  private static void endOutput(Socket client) throws IOException {
    try {
      client.shutdownOutput();
    } catch (SocketException closed) {
      // Another thread closed it.
    }
  }

  private static void reset(Socket end) throws IOException {
    try (end) {
      end.setSoLinger(true, 0);
    } catch (SocketException closed) {
      // Another thread closed it.
    }
  }
}
