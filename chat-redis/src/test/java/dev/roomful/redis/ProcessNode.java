package dev.roomful.redis;

import dev.roomful.testkit.TcpProxy;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A node in a JVM of its own, which can be killed and paused. */
final class ProcessNode implements FaultNode {
  private static final int TIMEOUT_SECONDS = 30;

  private final FaultChat.Reports reports;
  private final TcpProxy link;
  private final Process process;
  private final Path log;
  private final ObjectOutputStream out;
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<Serializable>> answers = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();

  /** A paused process does not read, so that writing to it may block. */
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "process-node-writer");
            thread.setDaemon(true);
            return thread;
          });

  private boolean killed;
  private boolean paused;

  /**
   * Starts a process and waits until its chat has connected.
   *
   * @param log a file for what it prints
   */
  static ProcessNode start(String uri, Path log, FaultChat.Reports reports) throws IOException {
    TcpProxy link = new TcpProxy(URI.create(uri));
    ProcessNode node = new ProcessNode(link, log, reports);
    try {
      await(node.started);
      return node;
    } catch (RuntimeException | AssertionError notStarted) {
      node.close();
      throw new IOException("no node: " + Files.readString(log), notStarted);
    }
  }

  private ProcessNode(TcpProxy link, Path log, FaultChat.Reports reports) throws IOException {
    this.link = link;
    this.log = log;
    this.reports = reports;
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                Integer.toString(link.address().getPort()))
            .redirectError(Redirect.to(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    out = new ObjectOutputStream(new BufferedOutputStream(process.getOutputStream()));
    out.flush();
    Thread reader = new Thread(() -> read(process.getInputStream()), "process-node-reader");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream events) {
    try (ObjectInputStream in = new ObjectInputStream(new BufferedInputStream(events))) {
      while (true) {
        Object event = in.readObject();
        if (event instanceof NodeProcess.Started) {
          started.complete(null);
        } else if (event instanceof NodeProcess.Answered answered) {
          answered(answered);
        } else {
          ((NodeProcess.Event) event).to(reports);
        }
      }
    } catch (EOFException end) {
      ended.complete(null);
    } catch (IOException | ClassNotFoundException | RuntimeException broken) {
      ended.completeExceptionally(broken);
    }
    started.completeExceptionally(new IOException("the process has ended"));
    answers.values().forEach(answer -> answer.completeExceptionally(new EOFException()));
  }

  private void answered(NodeProcess.Answered answered) {
    CompletableFuture<Serializable> answer = answers.remove(answered.number());
    if (answered.failure().isEmpty()) {
      answer.complete(answered.answer());
    } else {
      answer.completeExceptionally(new IllegalStateException(answered.failure()));
    }
  }

  private static <T> T await(CompletableFuture<T> result) {
    try {
      return result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    } catch (TimeoutException late) {
      throw new AssertionError("a node has not answered in " + TIMEOUT_SECONDS + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private void write(NodeProcess.Request request) {
    writer.execute(
        () -> {
          try {
            out.writeObject(request);
            out.reset();
            out.flush();
          } catch (IOException hasEnded) {
            // Whoever waits for an answer learns it from the reader.
          }
        });
  }

  @Override
  public void tell(Command command) {
    write(
        new NodeProcess.Request(
            NodeProcess.Request.COMMAND,
            chat -> {
              command.on(chat);
              return null;
            }));
  }

  @Override
  public <T extends @Nullable Serializable> T ask(Question<T> question) {
    long number = requests.incrementAndGet();
    CompletableFuture<Serializable> answer = new CompletableFuture<>();
    answers.put(number, answer);
    write(new NodeProcess.Request(number, question));
    @SuppressWarnings("unchecked") // the question's answer
    T result = (T) await(answer);
    return result;
  }

  @Override
  public TcpProxy link() {
    return link;
  }

  @Override
  public boolean isKilled() {
    return killed;
  }

  @Override
  public boolean isPaused() {
    return paused;
  }

  @Override
  public void kill() throws IOException {
    killed = true;
    process.destroyForcibly();
    await(process.onExit());
    // What it has written before its end has happened.
    ended.exceptionally(cutOff -> null).join();
    link.close();
    writer.shutdown();
  }

  @Override
  public void stop() throws IOException {
    killed = true;
    writer.execute(
        () -> {
          try {
            out.close();
          } catch (IOException hasEnded) {
            // It is what the end of its input would lead to.
          }
        });
    await(process.onExit());
    await(ended);
    if (process.exitValue() != 0) {
      throw new IOException("a node failed: " + Files.readString(log));
    }
    link.close();
    writer.shutdown();
  }

  @Override
  public void pause() throws IOException {
    paused = true;
    signal("STOP");
  }

  @Override
  public void resume() throws IOException {
    signal("CONT");
    paused = false;
  }

  private void signal(String name) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (await(kill.onExit()).exitValue() != 0) {
      throw new IOException("kill -" + name + " has failed");
    }
  }

  @Override
  public void close() throws IOException {
    if (!killed) {
      kill();
    }
  }
}
