package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testsupport.RedisServer;
import dev.roomful.tokens.Token;
import dev.roomful.tokens.Tokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void withoutAnExampleItListsThem() {
    assertEquals(0, run());
    for (Example each : Example.values()) {
      assertTrue(out.toString().contains("  " + each + " "), out::toString);
    }
    assertEquals("", err.toString());
  }

  @Test
  void helpNamesTheExamplesTheOptionsAndTheExitCodes() {
    assertEquals(0, run("--help"));
    for (String part :
        List.of(
            "echo, broadcast, excluding-self, plain-rooms,",
            "--server=SERVER",
            "jetty, undertow, tomcat (default: jetty)",
            "--host=HOST",
            "(default: 127.0.0.1)",
            "--port=PORT",
            "(default: 8000)",
            "--token-secret=SECRET",
            "--make-token=NAME",
            "--owners=FILE",
            "--archive=FOLDER",
            "--allow-origin=ORIGIN",
            "--trust-forwarded",
            "--cluster=URI",
            "--cluster-prefix=PREFIX",
            "--rate=N",
            "(default: 50)",
            "Exit codes:")) {
      assertTrue(out.toString().contains(part), () -> part + " is not in\n" + out);
    }
    assertEquals("", err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          chess                    | 'chess' is not one of [echo, broadcast, excluding-self, plain-rooms, rooms]
          ECHO                     | 'ECHO' is not one of [echo, broadcast, excluding-self, plain-rooms, rooms]
          echo broadcast           | Unmatched argument at index 1: 'broadcast'
          echo --server netty      | '--server': 'netty' is not one of [jetty, undertow, tomcat]
          echo --colour            | Unknown option: '--colour'
          echo --port              | Missing required parameter for option '--port'
          echo --port x            | '--port': 'x' is not an int
          echo --port 65536        | --port is 65536: it must be from 0 to 65535
          echo --port=-1           | --port is -1: it must be from 0 to 65535
          echo --token-secret 0123456789abcdef0123456789abcdef | --token-secret is for rooms: echo has no tokens
          echo --cluster redis://localhost | --cluster is for rooms and plain-rooms: echo runs on one node
          rooms --cluster nowhere  | --cluster: this is no address of Redis
          rooms --cluster redis://localhost --cluster-prefix {} | --cluster: key prefix "{}" is not valid
          rooms --cluster-prefix a | --cluster-prefix is for nodes that share Redis: add --cluster URI
          rooms --token-secret= | --token-secret is empty: give at least 32 bytes
          rooms --make-token ann | --make-token needs a key: add --token-secret SECRET
          rooms --token-secret 0123456789abcdef0123456789abcdef --make-token= | --make-token: the name is blank
          echo --owners owners | --owners is for rooms: echo keeps no owners
          rooms --owners owners --cluster redis://localhost:1 | --owners is for a single node
          rooms --owners /no/such/folder/owners | --owners: cannot read and write /no/such/folder/owners
          echo --archive messages | --archive is for rooms: echo keeps no messages
          rooms --archive messages --cluster redis://localhost:1 | --archive is for a single node
          rooms --archive /dev/null/messages | --archive: cannot create the folder /dev/null/messages
          echo --allow-origin example.org | --allow-origin: the allowed origin
          echo --rate often        | '--rate': 'often' is not an int
          echo --rate=-1           | --rate is -1: it must be from 0 to 1000000
          echo --rate 1000001      | --rate is 1000001: it must be from 0 to 1000000
          """)
  void anInvalidCommandLineIsReportedWithItsCause(String arguments, String message) {
    assertEquals(2, run(arguments.split(" ", -1)));
    String first = err.toString().lines().findFirst().orElse("");
    assertTrue(first.contains(message), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void aTokenIsPrintedThatTheChatAccepts() throws Exception {
    String secret = "0123456789abcdef0123456789abcdef";
    assertEquals(0, run("rooms", "--token-secret", secret, "--make-token", "Ann \"A\""));
    Token token = Tokens.hs256(secret).verify(out.toString().strip(), Instant.now());
    assertEquals("Ann \"A\"", token.subject());
  }

  @ParameterizedTest
  @EnumSource
  void aPortInUseIsReportedInOneSentence(Host.Kind server) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertEquals(1, run("echo", "--server", server.toString(), "--port", "" + port));
      assertEquals(
          "cannot listen on 127.0.0.1 port "
              + port
              + " (Address already in use): choose another with --host or --port",
          err.toString().strip());
      assertEquals("", out.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAddressOfAnotherMachineIsReportedInOneSentence(Host.Kind server) {
    String elsewhere = "192.0.2.1"; // kept for documentation (RFC 5737)
    assertEquals(1, run("echo", "--server", server.toString(), "--host", elsewhere, "--port", "0"));
    assertTrue(err.toString().startsWith("cannot listen on 192.0.2.1 port 0 ("), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rooms", "plain-rooms"})
  void aRedisThatDoesNotAnswerIsReportedInOneSentence(String example) throws Exception {
    String address = "127.0.0.1:" + RedisServer.freePort();
    assertEquals(1, run(example, "--port", "0", "--cluster", "redis://" + address));
    String message = err.toString().strip();
    assertTrue(message.startsWith("--cluster: cannot connect to"), message);
    assertTrue(message.contains(address), message);
    assertTrue(message.contains("start Redis there, or correct the address"), message);
    assertEquals(1, message.lines().count(), message);
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
