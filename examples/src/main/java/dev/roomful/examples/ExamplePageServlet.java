package dev.roomful.examples;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Serves the page of an example at {@code /}, and the page's scripts, styles and images. */
final class ExamplePageServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  /** Allows only files and connections of the page's own origin, and nothing inline. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "mjs", "text/javascript;charset=utf-8",
          "svg", "image/svg+xml");

  private static final Pattern FILE =
      Pattern.compile("/([a-z]+/){0,2}([a-z-]+\\.(css|m?js|svg)|LICENSE)");

  private final byte[] page;

  ExamplePageServlet(Example example, ChatSettings settings) {
    this.page = example == Example.ROOMS ? roomsPage(settings) : PlainTextPage.of(example);
  }

  private static byte[] roomsPage(ChatSettings settings) {
    String html = new String(read("rooms/index.html"), StandardCharsets.UTF_8);
    return (settings.tokens().isPresent()
            ? html.replace("<body ", "<body data-token=\"required\" ") // asked for first
            : html)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    String name = path.equals("/") ? "index.html" : path.substring(1);
    try (InputStream file = open(path)) {
      if (file == null) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
      response.setContentType(
          CONTENT_TYPES.getOrDefault(
              name.substring(name.lastIndexOf('.') + 1), "text/plain;charset=utf-8"));
      response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Referrer-Policy", "no-referrer");
      response.setHeader("Cache-Control", "no-cache"); // the page fits to one version of the server
      response.setHeader("Vary", "Accept-Encoding");
      if (acceptsGzip(request)) {
        response.setHeader("Content-Encoding", "gzip");
        try (OutputStream out = new GZIPOutputStream(response.getOutputStream())) {
          file.transferTo(out);
        }
      } else {
        file.transferTo(response.getOutputStream());
      }
    }
  }

  /** Browsers list the encodings that they accept, without weights. */
  private static boolean acceptsGzip(HttpServletRequest request) {
    String accepted = Objects.requireNonNullElse(request.getHeader("Accept-Encoding"), "");
    return List.of(accepted.split("\\s*,\\s*")).contains("gzip");
  }

  private @Nullable InputStream open(String path) {
    if (path.equals("/")) {
      return new ByteArrayInputStream(page);
    }
    return FILE.matcher(path).matches()
        ? ExamplePageServlet.class.getResourceAsStream("web" + path)
        : null;
  }

  /** {@return a file of the pages, which is in the same jar as this class} */
  static byte[] read(String name) {
    try (InputStream file =
        Objects.requireNonNull(ExamplePageServlet.class.getResourceAsStream("web/" + name), name)) {
      return file.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
