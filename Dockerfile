# The main job in a container: docker build -t experiment-runner . (docs/docker.md)
FROM python:3.11-slim

# The processor's wheels of PyTorch. For a GPU: --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu128
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

# Anybody may write into both folders, so that `docker run --user` works with any user of the host.
RUN useradd --uid 1000 runner && mkdir /cache /study && chmod 1777 /cache /study

COPY pyproject.toml README.md LICENSE /source/
COPY conf /source/conf
COPY runner /source/runner
COPY hydra_plugins /source/hydra_plugins
RUN pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" "/source[local,serve]"

# Finished stages, replies and downloaded models. HOME and USER are for users of the host whom the image does not know.
ENV RUNNER_STORE=/cache/store HF_HOME=/cache/huggingface HOME=/cache USER=runner
VOLUME /cache
USER 1000
WORKDIR /study
ENTRYPOINT ["run.py"]
CMD ["-m", "method=token,fact", "size=1x,5x"]
