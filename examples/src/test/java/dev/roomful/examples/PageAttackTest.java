package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests for the page of an example, and for what is not a part of it. */
class PageAttackTest {
  @ParameterizedTest
  @EnumSource
  void aPathLeadsToNoOtherFile(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS)) {
      for (String path :
          List.of(
              "/../ExamplePageServlet.class",
              "/..%2fExamplePageServlet.class",
              "/%2e%2e/ExamplePageServlet.class",
              "/%2e%2e%2fExamplePageServlet.class",
              "/rooms/../../ExamplePageServlet.class",
              "/rooms/%2e%2e/%2e%2e/ExamplePageServlet.class",
              "/rooms/..;/..;/ExamplePageServlet.class",
              "/rooms%5c..%5c..%5cExamplePageServlet.class",
              "/rooms/%252e%252e/ExamplePageServlet.class",
              "/%c0%ae%c0%ae/ExamplePageServlet.class",
              "//etc/passwd",
              "/file:///etc/passwd",
              "/rooms//main.js",
              "/rooms/main.js%00.svg",
              "/rooms/",
              "/META-INF/MANIFEST.MF",
              "/WEB-INF/web.xml",
              "/ExamplePageServlet.class")) {
        String answer = answerTo(chat, path);
        String status = answer.isEmpty() ? "400" : answer.split(" ", 3)[1];
        assertTrue(status.startsWith("4"), path + ": " + status);
        assertFalse(answer.contains("root:") || answer.contains("\u00ca\u00fe\u00ba\u00be"), path);
      }
      assertEquals(200, chat.get("/").statusCode());
    }
  }

  /** {@return the whole response to a request whose path is sent as it is} */
  private static String answerTo(RunningExample chat, String path) throws Exception {
    try (Socket socket = new Socket(chat.uri("/").getHost(), chat.port())) {
      socket.setSoTimeout(5000);
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost:"
              + chat.port()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsTakenFromACacheWithoutAsking(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS)) {
      for (String path : List.of("/", "/rooms/main.js", "/rooms/base.css")) {
        HttpResponse<String> response = chat.get(path);
        assertEquals(200, response.statusCode(), path);
        assertEquals(List.of("no-cache"), response.headers().allValues("Cache-Control"), path);
      }
    }
  }
}
