package dev.roomful.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The program of a {@link ProcessNode}: a {@link FaultChat} that reads requests from the standard
 * input and writes events to the standard output, both as serialized objects. It closes its chat at
 * the end of the input.
 */
final class NodeProcess {
  /** What the process is asked to do. The question's answer is an {@link Answered} event. */
  record Request(long number, FaultNode.Question<?> question) implements Serializable {
    /** The number of a request whose answer nobody waits for. */
    static final long COMMAND = 0;
  }

  /** What happens in the process. */
  interface Event extends Serializable {
    void to(FaultChat.Reports reports);
  }

  /** The chat is connected. */
  record Started() implements Serializable {}

  /**
   * The answer to a request.
   *
   * @param failure empty if there is an answer
   */
  record Answered(long number, @Nullable Serializable answer, String failure)
      implements Serializable {}

  private final ObjectOutputStream out;
  private final FaultChat chat;

  /** In order, as a client's input is. */
  private final ExecutorService commands = Executors.newSingleThreadExecutor();

  private final ExecutorService questions = Executors.newCachedThreadPool();

  /** Connects to Redis on a port of this machine. */
  public static void main(String[] arguments) throws Exception {
    ObjectOutputStream out = new ObjectOutputStream(new BufferedOutputStream(System.out));
    System.setOut(System.err);
    new NodeProcess(Integer.parseInt(arguments[0]), out).run(System.in);
    System.exit(0);
  }

  private NodeProcess(int redisPort, ObjectOutputStream out) {
    this.out = out;
    this.chat =
        FaultChat.start(
            redisPort,
            new FaultChat.Reports() {
              @Override
              public void received(int client, String text) {
                report(reports -> reports.received(client, text));
              }

              @Override
              public void closed(int client, int code, String reason) {
                report(reports -> reports.closed(client, code, reason));
              }

              @Override
              public void publishing(String room, String sender, String text) {
                report(reports -> reports.publishing(room, sender, text));
              }

              @Override
              public void published(String text, FaultMessage.Outcome outcome) {
                report(reports -> reports.published(text, outcome));
              }
            });
  }

  private void run(InputStream requests) throws IOException, ClassNotFoundException {
    write(new Started());
    try (ObjectInputStream in = new ObjectInputStream(new BufferedInputStream(requests))) {
      while (true) {
        Request request = (Request) in.readObject();
        if (request.number == Request.COMMAND) {
          commands.execute(() -> request.question.to(chat));
        } else {
          questions.execute(() -> write(answer(request)));
        }
      }
    } catch (EOFException stop) {
      chat.close();
    }
  }

  private Answered answer(Request request) {
    try {
      return new Answered(request.number, request.question.to(chat), "");
    } catch (RuntimeException | Error failure) {
      return new Answered(request.number, null, failure.toString());
    }
  }

  private void report(Event event) {
    write(event);
  }

  private synchronized void write(Serializable event) {
    try {
      out.writeObject(event);
      out.reset();
      out.flush();
    } catch (IOException testHasEnded) {
      throw new UncheckedIOException(testHasEnded);
    }
  }
}
