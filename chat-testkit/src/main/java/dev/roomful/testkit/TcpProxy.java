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

  // Guarded by this.
  private URI target;
  private boolean cut;
  private Direction fromClients = new Direction();
  private Direction fromServer = new Direction();
  private Duration delay = Duration.ZERO;
  private int bytesPerSecond = Integer.MAX_VALUE;

  /** What happens to the bytes of one direction. */
  private static final class Direction {
    boolean muted;
    boolean stalled;
    boolean ended;
    long bytesLeft = Long.MAX_VALUE;

    /** {@return how many of some bytes may be sent} */
    int take(int count) {
      int taken = (int) Math.min(count, bytesLeft);
      bytesLeft -= bytesLeft == Long.MAX_VALUE ? 0 : taken;
      return taken;
    }
  }

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

  /**
   * Resets all connections, as {@link #cut} does, after clients have sent some more bytes, such as
   * in the middle of a frame.
   *
   * @param bytes how many bytes arrive at the server until then, on all connections together
   */
  public synchronized void cutAfterClientBytes(int bytes) {
    fromClients.bytesLeft = bytes;
  }

  /**
   * Resets all connections, as {@link #cut} does, after the server has sent some more bytes, such
   * as in the middle of a frame.
   *
   * @param bytes how many bytes arrive at clients until then, on all connections together
   */
  public synchronized void cutAfterServerBytes(int bytes) {
    fromServer.bytesLeft = bytes;
  }

  /** Drops everything that the server sends, until the connections are cut. */
  public synchronized void mute() {
    fromServer.muted = true;
  }

  /**
   * Drops everything in both directions, the ends of connections included, until the connections
   * are cut, as a network does that has lost its route.
   */
  public synchronized void blackHole() {
    fromServer.muted = true;
    fromClients.muted = true;
  }

  /**
   * Holds back everything in both directions, and sends it after {@link #restore}, as a network
   * does that loses packets for a while. New connections are accepted, and stall too.
   */
  public synchronized void stall() {
    fromServer.stalled = true;
    fromClients.stalled = true;
  }

  /**
   * Stops reading what the server sends until {@link #restore}, as clients do whose programs hang.
   * What clients send still arrives.
   */
  public synchronized void stopReading() {
    fromServer.stalled = true;
  }

  /**
   * Sends each part of the data later.
   *
   * @param each how much later; parts that follow each other wait one after the other
   */
  public synchronized void delay(Duration each) {
    delay = each;
  }

  /**
   * Sends data at a limited rate, in each direction of each connection.
   *
   * @param bytesPerSecond the rate, at least 1
   */
  public synchronized void throttle(int bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Ends what the server sends on all connections, while what clients send still arrives until they
   * close. New connections end in the same way until {@link #restore}.
   *
   * @throws IOException if one of them cannot be half-closed
   */
  public synchronized void halfClose() throws IOException {
    fromServer.ended = true;
    for (Socket client : clients) {
      endOutput(client);
    }
  }

  /**
   * Ends what clients send on all connections, while what the server sends still arrives until it
   * closes. New connections end in the same way until {@link #restore}.
   *
   * @throws IOException if one of them cannot be half-closed
   */
  public synchronized void halfCloseClients() throws IOException {
    fromClients.ended = true;
    for (Socket end : ends) {
      if (!clients.contains(end)) {
        endOutput(end);
      }
    }
  }

  /** Accepts new connections again, and ends all that {@link #stall} and the others began. */
  public synchronized void restore() {
    cut = false;
    fromClients = new Direction();
    fromServer = new Direction();
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
    if (fromServer.ended) {
      endOutput(client);
    }
    if (fromClients.ended) {
      endOutput(server);
    }
    start(() -> carry(client, server, false));
    start(() -> carry(server, client, true));
  }

  private synchronized Direction direction(boolean ofServer) {
    return ofServer ? fromServer : fromClients; // restore() replaces them
  }

  private void carry(Socket from, Socket to, boolean ofServer) throws IOException {
    try (from;
        to) {
      byte[] bytes = new byte[8192];
      int count;
      do {
        count = read(from, bytes);
        int forwarded = awaitTurn(from, Math.max(count, 0), ofServer);
        if (forwarded > 0 && !to.isOutputShutdown()) {
          to.getOutputStream().write(bytes, 0, forwarded);
        }
        cutIfExhausted(ofServer);
      } while (count >= 0);
    } finally {
      forget(from);
    }
  }

  /** {@return the number of bytes; negative at the end, be it a reset} */
  private static int read(Socket from, byte[] bytes) {
    try {
      return from.getInputStream().read(bytes);
    } catch (IOException reset) {
      return -1;
    }
  }

  /**
   * Waits until what was read may be sent.
   *
   * @param count the number of bytes, 0 for the end of a connection
   * @return how many of them may be sent
   */
  private synchronized int awaitTurn(Socket from, int count, boolean ofServer) throws IOException {
    long begin = System.nanoTime();
    while (ends.contains(from)) {
      Direction direction = direction(ofServer);
      long sending = TimeUnit.SECONDS.toNanos(count) / bytesPerSecond;
      long left = begin + delay.toNanos() + sending - System.nanoTime();
      boolean inBlackHole = fromServer.muted && fromClients.muted; // nobody sees an end there
      try {
        if (direction.muted && count > 0) {
          return 0;
        } else if (inBlackHole || direction.stalled) {
          wait();
        } else if (left > 0) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        } else {
          return direction.take(count);
        }
      } catch (InterruptedException interrupted) {
        throw new IOException("interrupted", interrupted);
      }
    }
    return 0;
  }

  /** In one step, so that no cut follows {@link #restore}. */
  private synchronized void cutIfExhausted(boolean ofServer) throws IOException {
    if (direction(ofServer).bytesLeft == 0) {
      cut();
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
