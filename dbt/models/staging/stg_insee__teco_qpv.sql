{{ mesures_longues('insee.teco_qpv') }}
