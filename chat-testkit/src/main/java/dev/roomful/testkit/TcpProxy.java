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
  private boolean clientsMuted;
  private boolean serverMuted;
  private boolean clientsStalled;
  private boolean serverStalled;
  private boolean clientsEnded;
  private boolean serverEnded;
  private long clientBytesLeft = Long.MAX_VALUE;
  private long serverBytesLeft = Long.MAX_VALUE;
  private Duration delay = Duration.ZERO;
  private int bytesPerSecond = Integer.MAX_VALUE;

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
    clientBytesLeft = bytes;
  }

  /**
   * Resets all connections, as {@link #cut} does, after the server has sent some more bytes, such
   * as in the middle of a frame.
   *
   * @param bytes how many bytes arrive at clients until then, on all connections together
   */
  public synchronized void cutAfterServerBytes(int bytes) {
    serverBytesLeft = bytes;
  }

  /** Drops everything that the server sends, until the connections are cut. */
  public synchronized void mute() {
    serverMuted = true;
  }

  /**
   * Drops everything in both directions, the ends of connections included, until the connections
   * are cut, as a network does that has lost its route.
   */
  public synchronized void blackHole() {
    serverMuted = true;
    clientsMuted = true;
  }

  /**
   * Holds back everything in both directions, and sends it after {@link #restore}, as a network
   * does that loses packets for a while. New connections are accepted, and stall too.
   */
  public synchronized void stall() {
    serverStalled = true;
    clientsStalled = true;
  }

  /**
   * Stops reading what the server sends until {@link #restore}, as clients do whose programs hang.
   * What clients send still arrives.
   */
  public synchronized void stopReading() {
    serverStalled = true;
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
    serverEnded = true;
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
    clientsEnded = true;
    for (Socket end : ends) {
      if (!clients.contains(end)) {
        endOutput(end);
      }
    }
  }

  /** Accepts new connections again, and ends all that {@link #stall} and the others began. */
  public synchronized void restore() {
    cut = false;
    clientsMuted = false;
    serverMuted = false;
    clientsStalled = false;
    serverStalled = false;
    clientsEnded = false;
    serverEnded = false;
    clientBytesLeft = Long.MAX_VALUE;
    serverBytesLeft = Long.MAX_VALUE;
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
    if (serverEnded) {
      endOutput(client);
    }
    if (clientsEnded) {
      endOutput(server);
    }
    start(() -> carry(client, server, false));
    start(() -> carry(server, client, true));
  }

  private void carry(Socket from, Socket to, boolean fromServer) throws IOException {
    try (from;
        to) {
      byte[] bytes = new byte[8192];
      int count;
      do {
        count = read(from, bytes);
        int forwarded = awaitTurn(from, Math.max(count, 0), fromServer);
        if (forwarded > 0 && !to.isOutputShutdown()) {
          to.getOutputStream().write(bytes, 0, forwarded);
        }
        cutIfExhausted(fromServer);
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
  private synchronized int awaitTurn(Socket from, int count, boolean fromServer)
      throws IOException {
    long begin = System.nanoTime();
    while (ends.contains(from)) {
      boolean muted = fromServer ? serverMuted : clientsMuted;
      boolean stalled = fromServer ? serverStalled : clientsStalled;
      long sending = TimeUnit.SECONDS.toNanos(count) / bytesPerSecond;
      long left = begin + delay.toNanos() + sending - System.nanoTime();
      try {
        if (muted && count > 0) {
          return 0;
        } else if ((muted && clientsMuted) || stalled) { // in a black hole nobody sees an end
          wait();
        } else if (left > 0) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        } else {
          return take(count, fromServer);
        }
      } catch (InterruptedException interrupted) {
        throw new IOException("interrupted", interrupted);
      }
    }
    return 0;
  }

  private int take(int count, boolean fromServer) {
    int taken = (int) Math.min(count, fromServer ? serverBytesLeft : clientBytesLeft);
    if (fromServer && serverBytesLeft != Long.MAX_VALUE) {
      serverBytesLeft -= taken;
    } else if (!fromServer && clientBytesLeft != Long.MAX_VALUE) {
      clientBytesLeft -= taken;
    }
    return taken;
  }

  /** In one step, so that no cut follows {@link #restore}. */
  private synchronized void cutIfExhausted(boolean fromServer) throws IOException {
    if ((fromServer ? serverBytesLeft : clientBytesLeft) == 0) {
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
